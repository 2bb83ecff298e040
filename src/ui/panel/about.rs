//! What each panel is about: the one table of its words and of the lesson that is about it. How that is shown is the tiles' affair.

/// What a panel is about. A closed set, so that no panel comes without words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The servers and clients there are.
    Lab,
    /// Everything at once, moving.
    Stage,
    /// What the kernel does for a listening server.
    Backlog,
    /// Queue and clients on one clock.
    Arrivals,
    /// Controls of a listening server.
    Door,
    /// Figures over time.
    Plots,
    /// Settings of what is selected.
    Inspector,
    /// The bytes of a packet.
    Composer,
    /// Sends and receives.
    Traffic,
    /// Messages in a stream.
    Framing,
    /// Messages as arrows.
    Ladder,
    /// The table of connections.
    Connections,
    /// Threads and their calls over time.
    Timeline,
    /// How a server waits.
    Models,
    /// The two phases of a read.
    Phases,
    /// Servers compared.
    Counters,
    /// One call at a time.
    Stepper,
    /// Every call.
    Calls,
    /// The equivalent program.
    Code,
}

/// What is said of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Locale key of two sentences.
    pub key: &'static str,
    /// Id of the lesson that is about it.
    pub lesson: &'static str,
}

impl Topic {
    /// Its words and its lesson.
    pub fn about(self) -> About {
        let (key, lesson) = match self {
            Self::Lab => ("about-lab", "what-a-socket-is"),
            Self::Stage => ("about-stage", "what-a-socket-is"),
            Self::Backlog => ("about-backlog", "listen-backlog"),
            Self::Arrivals => ("about-arrivals", "listen-backlog"),
            Self::Door => ("about-door", "listen-backlog"),
            Self::Plots => ("about-plots", "non-blocking"),
            Self::Inspector => ("about-inspector", "one-client-at-a-time"),
            Self::Composer => ("about-composer", "tcp-is-a-stream"),
            Self::Traffic => ("about-traffic", "udp-is-different"),
            Self::Framing => ("about-framing", "tcp-is-a-stream"),
            Self::Ladder => ("about-ladder", "tcp-step-by-step"),
            Self::Connections => ("about-connections", "tcp-step-by-step"),
            Self::Timeline => ("about-timeline", "threads-and-processes"),
            Self::Models => ("about-models", "select-poll-epoll"),
            Self::Phases => ("about-phases", "non-blocking"),
            Self::Counters => ("about-counters", "non-blocking"),
            Self::Stepper => ("about-stepper", "select-poll-epoll"),
            Self::Calls => ("about-calls", "edge-and-level"),
            Self::Code => ("about-code", "tcp-step-by-step"),
        };
        About { key, lesson }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::PANELS;
    use crate::lesson::ShippedLesson;
    use crate::ui::{Language, Text};

    /// Ends of sentences: a full stop within a word or a number is none.
    fn sentences(words: &str, language: Language) -> usize {
        match language {
            Language::English => words.split_inclusive(['.', '?', '!']).skip(1).filter(|next| next.starts_with(' ')).count() + 1,
            Language::Chinese => words.matches(['。', '？', '！']).count(),
        }
    }

    #[test]
    fn each_panel_has_its_own_two_sentences_and_a_lesson_that_exists() {
        let topics: BTreeSet<_> = PANELS.iter().map(|panel| panel.topic).collect();
        assert_eq!(topics.len(), PANELS.len(), "one topic each");
        for panel in PANELS {
            let about = panel.topic.about();
            assert_eq!(about.key, format!("about-{}", panel.id), "the words are the panel's own");
            assert!(ShippedLesson::find(about.lesson).is_some_and(|shipped| shipped.lesson().is_ok()), "{}: {}", panel.id, about.lesson);
            for (language, end) in [(Language::English, '.'), (Language::Chinese, '。')] {
                let text = Text::new(language);
                let words = text.get(about.key).into_owned();
                assert!(words != about.key && words.ends_with(end), "{}: {words}", panel.id);
                assert_eq!(sentences(&words, language), 2, "{}: {words}", panel.id);
            }
        }
    }
}
