//! The page's own words.

use crate::lesson::Language;

/// What is said.
#[derive(Clone, Copy)]
pub(super) enum Say {
    Lab,
    NotVisited,
    Question,
    NotRevealed,
    Otherwise,
    Unknown,
    Happened,
    NoAnswers,
    Right,
    Who,
    Answer,
    Anonymous,
    Answers,
}

pub(super) fn say(what: Say, language: Language) -> &'static str {
    let (en, zh) = match what {
        Say::Lab => ("The lab", "实验文件"),
        Say::NotVisited => ("This step was not shown.", "这一步没有进行。"),
        Say::Question => ("Prediction", "预测"),
        Say::NotRevealed => ("not revealed", "尚未揭晓"),
        Say::Otherwise => ("not what the lesson expects: ", "与课程预期不同："),
        Say::Unknown => ("this system does not tell: ", "本系统无法得知："),
        Say::Happened => ("What happened", "实际结果"),
        Say::NoAnswers => ("Nobody answered.", "没有人回答。"),
        Say::Right => ("Right", "答对"),
        Say::Who => ("Who", "姓名"),
        Say::Answer => ("Answer", "回答"),
        Say::Anonymous => ("anonymous", "匿名"),
        Say::Answers => ("answers", "个回答"),
    };
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}
