//! The code behind each click: the complete program, in an ordinary language with its standard means, that does what an endpoint
//! with its current settings does; and calls as a transcript.
//!
//! *Sans-I/O*: text is made of values. It opens nothing, reads no file, runs nothing, and takes no part in how our own endpoints
//! work. A program is put together from parts that know nothing of each other, as a server is: how it listens (transport), how it
//! waits (model), what it answers (service); the parts are the files of `assets/code`.

mod client;
mod comments;
mod facts;
mod finish;
mod literal;
mod marks;
mod pair;
mod scan;
mod server;
mod template;
#[cfg(test)]
mod tests;
mod transcript;
mod uses;
mod values;
mod words;

use std::fmt;
use std::ops::Range;

use crate::bytes::{BytesError, FramingError, RenderError};
use crate::lab::{Address, Client, EndpointId, Lab, Server, Target, Transport};
use crate::trace::{Call, CallRecord};

pub use words::{Words, columns};

/// What a program is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Python 3.9 or later, the standard library alone.
    Python,
    /// C11 with POSIX, and Linux' own calls where the model is Linux' own.
    C,
    /// Rust 2024, the standard library; the crate `libc` or `tokio` where the standard library has no such call.
    Rust,
}

impl Language {
    /// In the order of menus.
    pub const ALL: [Self; 3] = [Self::Python, Self::C, Self::Rust];

    /// The stable string on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::C => "c",
            Self::Rust => "rust",
        }
    }

    /// The language with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.id() == id)
    }

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::C => "C",
            Self::Rust => "Rust",
        }
    }

    /// What names of its files end with, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Python => "py",
            Self::C => "c",
            Self::Rust => "rs",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whose program. A client that connects to a server of its lab is told that server's address by whoever asks: the one it is bound to
/// while it runs, else the one in the lab.
#[derive(Clone, Copy, Debug)]
pub enum Endpoint<'a> {
    /// A server.
    Server(&'a Server),
    /// A client, and the address that it connects to.
    Client(&'a Client, &'a Address),
    /// A client whose connections are pairs: it holds both ends.
    Pair(&'a Client),
}

impl<'a> Endpoint<'a> {
    /// The endpoint of a lab as it is written there; a client of a server follows its address. `None` when the lab has no such
    /// endpoint, or its client names a server that is not there.
    pub fn of(lab: &'a Lab, id: EndpointId) -> Option<Self> {
        if let Some(server) = lab.server(id) {
            return Some(Self::Server(server));
        }
        let client = lab.client(id)?;
        let to = match &client.target {
            Target::Address(address) => address,
            Target::Server(name) => &lab.server_named(name)?.address,
            Target::Pair => return Some(Self::Pair(client)),
        };
        Some(Self::Client(client, to))
    }
}

/// A complete program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The whole file. Lines end with `\n`.
    pub text: String,
    /// Under what name it is saved, such as `echo_server.py`.
    pub file_name: String,
    /// The commands that build and run it, one in each line; with Rust's crates also the lines of `Cargo.toml`.
    pub how_to_run: String,
    /// Which lines make which calls, by place in the text: ranges of lines from 0. One line may make several calls.
    pub lines: Vec<(Call, Range<usize>)>,
}

impl Program {
    /// The lines that make this call.
    pub fn lines_of(&self, call: Call) -> impl Iterator<Item = Range<usize>> {
        self.lines.iter().filter(move |(made, _)| *made == call).map(|(_, lines)| lines.clone())
    }
}

/// Why there is no program. The words are English; the window words it by variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProgram {
    /// Nothing of that name is written as a program.
    #[error("'{0}' has no program form")]
    Unknown(String),
    /// io_uring without a library.
    #[error(
        "neither the standard library of {0} nor the C library has io_uring; programs use liburing, or the raw system calls with shared memory"
    )]
    NoRing(Language),
    /// Coroutines in C.
    #[error("C has no coroutines: what async does there is a loop over epoll or poll, so take the program of those models")]
    NoCoroutines,
    /// `std::io` has no such call, and `libc` has none that a portable program could use.
    #[error("kqueue is written here in Python and in C; in Rust programs use it through the crates mio or polling")]
    NoKqueueInRust,
    /// Several processes that would have to share members.
    #[error("a chat needs to reach all members, and a process per connection has only its own: they share no memory")]
    NoChatBetweenProcesses,
    /// The model has no meaning for datagrams.
    #[error("{transport} sockets have no connections that '{model}' could share out")]
    NoDatagrams {
        /// Of the server.
        transport: Transport,
        /// Its model.
        model: String,
    },
    /// The answers are no messages of the framing.
    #[error("each message has the same size here, and the answers of '{0}' have not")]
    NotFixedSize(String),
    /// Rust's standard library binds and connects in one call, and the program would be mostly `unsafe` code around it.
    #[error("Rust's standard library cannot bind a stream socket before it connects (the crate socket2 can)")]
    NoBoundStreamInRust,
    /// An abstract name, likewise.
    #[error("Rust's standard library cannot bind to a name that is no path in one call")]
    NoBoundNameInRust,
    /// The packet is no bytes.
    #[error("the packet: {0}")]
    Packet(BytesError),
    /// A file is put into a framing when it is sent.
    #[error("the packet: a file in a framing is sent only from the lab")]
    FramedFile,
    /// A field of the packet reads a file when it is sent.
    #[error("the packet: it has a field that names a file")]
    FileField,
    /// A field of the packet has no bytes.
    #[error("the packet: {0}")]
    Field(RenderError),
    /// The packet is no message of its framing.
    #[error("the packet: {0}")]
    Framing(FramingError),
    /// No pair of sockets other than Unix ones.
    #[error("socketpair makes pairs of Unix sockets, and this is {0}")]
    NoPair(Transport),
    /// The port to connect to is not known.
    #[error("the port of the server is chosen when it starts: start it, or give it a port")]
    PortUnknown,
}

/// The program of an endpoint, with its comments in these words. The code is the same in all, line by line.
///
/// # Errors
/// When the language's ordinary means have no such program; says why.
pub fn program(endpoint: Endpoint<'_>, language: Language, words: Words) -> Result<Program, NoProgram> {
    match endpoint {
        Endpoint::Server(server) => server::program(server, language, words),
        Endpoint::Client(client, to) => client::program(client, to, language, words),
        Endpoint::Pair(client) => pair::program(client, language, words),
    }
}

/// Calls as a transcript, one in each line, the way `strace -f -T` writes them.
pub fn calls(records: &[CallRecord]) -> String {
    transcript::of(records)
}
