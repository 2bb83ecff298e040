//! `socketlab code`: the equivalent program of a server or client. It is printed or written to a file, never run.

use std::io::Write as _;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};

use super::args::{EXIT_STATUS, ServerArgs};
use super::{Problem, run, serve};
use crate::code::{self, Endpoint, Language, Words};
use crate::lab::{EndpointId, Lab};

/// Print the equivalent program of a server or client.
///
/// The complete program, in Python, C or Rust, that does what the endpoint does with its settings in LAB: its transport, address,
/// I/O model, service, framing and options. Nothing is started. With 'serve' the server is described by arguments, as for 'socketlab
/// serve'. How to build and run the program stands in its first lines, and so does what it leaves out. Its comments are English, or
/// Chinese with '--words zh'; the code is the same.
#[derive(Debug, Parser)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_long_help = format!("\
Examples:
  socketlab code examples/first-sockets.toml echo-tcp --lang python
  socketlab code lab.toml phone --lang c -o phone.c
  socketlab code serve tcp 127.0.0.1:7788 --model epoll-et --lang c
  socketlab code serve udp 127.0.0.1:7788 --service upper --lang rust
  socketlab code serve tcp 127.0.0.1:7788 --model threads --lang c --words zh

Languages:
  python  3.9 or later, the standard library
  c       C11 with POSIX; epoll, SIGIO and abstract addresses are Linux' own
  rust    edition 2024; where the standard library has no such call, the crates libc or tokio
  Where a language has no ordinary means for an I/O model (io_uring, coroutines in C), the reason is printed instead.

{EXIT_STATUS}

See also:
  socketlab-serve, socketlab-list"))]
pub(super) struct CodeArgs {
    #[command(subcommand)]
    described: Option<Described>,
    /// The lab file (TOML).
    #[arg(value_name = "LAB", required = true)]
    lab: Option<PathBuf>,
    /// The name of a server or client in it.
    #[arg(value_name = "ENDPOINT", required = true)]
    endpoint: Option<String>,
    /// The language.
    #[arg(long, value_name = "LANGUAGE", required = true, value_parser = languages())]
    lang: Option<Language>,
    #[command(flatten)]
    how: How,
}

// What both forms have. No doc comment: it would be the help of the whole command.
#[derive(Debug, clap::Args)]
struct How {
    /// The language of its comments.
    #[arg(long, value_name = "WORDS", default_value = Words::En.id(), value_parser = words())]
    words: Words,
    /// Write it to this file instead of standard output. A file that is there is written anew.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Described {
    /// The program of a server that is described by arguments.
    Serve(CodeServeArgs),
}

#[derive(Debug, clap::Args)]
struct CodeServeArgs {
    #[command(flatten)]
    server: ServerArgs,
    /// The language.
    #[arg(long, value_name = "LANGUAGE", value_parser = languages())]
    lang: Language,
    #[command(flatten)]
    how: How,
}

pub(super) fn code(args: CodeArgs) -> Result<bool, Problem> {
    let (lab, id, language, how) = match (args.described, args.lab, args.endpoint, args.lang) {
        (Some(Described::Serve(args)), ..) => {
            let (lab, id) = serve::lab(args.server)?;
            (lab, id, args.lang, args.how)
        }
        (None, Some(path), Some(name), Some(language)) => {
            let lab = run::read(&path)?;
            let id = named(&lab, &name)?;
            (lab, id, language, args.how)
        }
        (None, ..) => return Err(Problem::Usage("name a lab file, an endpoint and --lang, or use 'code serve'".to_owned())),
    };
    let endpoint = Endpoint::of(&lab, id).ok_or_else(|| Problem::Usage("its server does not exist in this lab".to_owned()))?;
    let program =
        code::program(endpoint, language, how.words).map_err(|why| Problem::Failed(format!("no program in {language}: {why}")))?;
    match how.output {
        Some(path) => std::fs::write(&path, &program.text).map_err(|e| Problem::Failed(format!("{}: {e}", path.display())))?,
        None => std::io::stdout().lock().write_all(program.text.as_bytes())?,
    }
    Ok(true)
}

fn named(lab: &Lab, name: &str) -> Result<EndpointId, Problem> {
    lab.names().find(|(_, known)| *known == name).map(|(id, _)| id).ok_or_else(|| {
        let names: Vec<_> = lab.names().map(|(_, name)| name).collect();
        Problem::Usage(format!("'{name}' does not exist in this lab. Names: {}", names.join(", ")))
    })
}

fn languages() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::ALL.map(Language::id)).map(|id| Language::from_id(&id).unwrap_or(Language::Python))
}

fn words() -> impl TypedValueParser<Value = Words> {
    PossibleValuesParser::new(Words::ALL.map(Words::id)).map(|id| Words::from_id(&id).unwrap_or_default())
}
