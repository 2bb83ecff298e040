//! Why there is no program, how one is run, and what its comments are written in. Names of models and services stay as they are in files.

use crate::code::{NoProgram, Program, Words};
use crate::tr;
use crate::ui::failure_words::{bytes_error, framing_error, render_error};
use crate::ui::{Language, Text};

/// Why there is no program.
pub fn no_program(text: &Text, why: &NoProgram) -> String {
    match why {
        NoProgram::Unknown(name) => tr!(text, "code-no-form", name = name.as_str()),
        NoProgram::NoRing(language) => tr!(text, "code-no-ring", language = language.name()),
        NoProgram::NoCoroutines => tr!(text, "code-no-coroutines"),
        NoProgram::NoKqueueInRust => tr!(text, "code-no-kqueue"),
        NoProgram::NoChatBetweenProcesses => tr!(text, "code-no-chat"),
        NoProgram::NoDatagrams { transport, model } => {
            tr!(text, "code-no-datagrams", transport = transport.id(), model = model.as_str())
        }
        NoProgram::NotFixedSize(service) => tr!(text, "code-not-fixed", service = service.as_str()),
        NoProgram::NoBoundStreamInRust => tr!(text, "code-no-means-stream"),
        NoProgram::NoBoundNameInRust => tr!(text, "code-no-means-name"),
        NoProgram::Packet(error) => tr!(text, "code-packet", why = bytes_error(text, error)),
        NoProgram::FramedFile => tr!(text, "code-packet", why = tr!(text, "code-framed-file")),
        NoProgram::FileField => tr!(text, "code-packet", why = tr!(text, "code-file-field")),
        NoProgram::Field(error) => tr!(text, "code-packet", why = render_error(text, error)),
        NoProgram::Framing(error) => tr!(text, "code-packet", why = framing_error(text, error)),
        NoProgram::NoPair(transport) => tr!(text, "code-no-pair", transport = transport.id()),
        NoProgram::PortUnknown => tr!(text, "code-no-port"),
    }
}

/// Comments are in the window's language.
pub fn of_comments(text: &Text) -> Words {
    match text.language() {
        Language::English => Words::En,
        Language::Chinese => Words::Zh,
    }
}

/// How a program is built and run, in one line: its last command, and what `Cargo.toml` needs.
pub fn how_to_run(program: &Program) -> String {
    let lines = || program.how_to_run.lines();
    let command = lines().rfind(|line| !line.starts_with('#')).unwrap_or_default();
    let crates: Vec<&str> = lines().filter_map(|line| line.strip_prefix("#   ")).collect();
    if crates.is_empty() { command.to_owned() } else { format!("{command}  # Cargo.toml: {}", crates.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{self, Endpoint, Language};
    use crate::lab::{Lab, Transport};

    #[test]
    fn the_commands_are_one_line_each() {
        let mut lab = Lab::default();
        let id = lab.add_server(Transport::Tcp, "epoll-lt");
        let run = |language| how_to_run(&code::program(Endpoint::of(&lab, id).unwrap(), language, Words::En).unwrap());
        assert_eq!(run(Language::Python), "python3 echo_server.py");
        assert_eq!(run(Language::C), "cc -Wall -Wextra -O2 -o echo_server echo_server.c && ./echo_server");
        assert_eq!(run(Language::Rust), "cargo run  # Cargo.toml: libc = \"0.2\"");
    }
}
