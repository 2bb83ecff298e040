//! One program of a server: which, and with what settings.

use socketlab::bytes::{ByteOrder, Framing, LengthHeader};
use socketlab::code::{self, Endpoint, Language, NoProgram, Program, Words};
use socketlab::engine::catalog;
use socketlab::lab::{Address, EndpointId, Lab, Server, Transport};
use socketlab::settings::Setting;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub language: Language,
    /// Of its comments.
    pub words: Words,
    pub transport: Transport,
    pub is_v6: bool,
    pub model: &'static str,
    pub service: &'static str,
    pub framing: Framing,
}

impl Case {
    pub fn new(language: Language, transport: Transport, model: &'static str, service: &'static str) -> Self {
        Self { language, words: Words::En, transport, is_v6: false, model, service, framing: Framing::Raw }
    }

    pub fn name(&self) -> String {
        let (v6, framing) = (if self.is_v6 { " v6" } else { "" }, self.framing.kind().id());
        let words = self.words.id();
        format!("{} {words} {}{v6} {} {} {framing}", self.language, self.transport, self.model, self.service)
    }

    /// The document of the server; what a service has is set so that its test is quick.
    pub fn server(&self, path: &str) -> Server {
        let mut lab = Lab::default();
        let id = lab.add_server(self.transport, self.model);
        let mut server = lab.server(id).unwrap().clone();
        server.id = EndpointId(1);
        server.address = match self.transport {
            Transport::Tcp | Transport::Udp => Address::Inet { host: if self.is_v6 { "::1".into() } else { "127.0.0.1".into() }, port: 0 },
            Transport::UnixStream | Transport::UnixDgram => Address::Path(path.to_owned()),
        };
        server.service = self.service.to_owned();
        server.messages.framing = self.framing.clone();
        let mut set = |name: &str, value| server.service_settings.set(name, value);
        match self.service {
            "delayed" => set("delay_ms", Setting::Number(50)),
            "list-echo" => set("delimiter", Setting::Text(";\\\"".into())),
            "slow-reader" => {
                set("bytes", Setting::Number(4));
                set("every_ms", Setting::Number(10));
            }
            _ => {}
        }
        server
    }

    pub fn program(&self, path: &str) -> Result<Program, NoProgram> {
        code::program(Endpoint::Server(&self.server(path)), self.language, self.words)
    }
}

/// Models that this system can run.
fn models(transport: Transport) -> impl Iterator<Item = &'static str> {
    catalog::models().filter(move |m| catalog::conflict(transport, m.id).is_none()).map(|m| m.id)
}

/// Framings, each with its usual values, and a length that counts itself the other way round.
fn framings() -> [Framing; 5] {
    let header = LengthHeader { width: 2, order: ByteOrder::Little, counts_itself: true };
    [
        Framing::Fixed { size: 3 },
        Framing::Delimiter { bytes: b"\r\n".to_vec(), most: 1_000 },
        Framing::Length { header: LengthHeader { width: 4, order: ByteOrder::Big, counts_itself: false }, most: 1_000 },
        Framing::Length { header, most: 1_000 },
        Framing::UntilClose { most: 1_000 },
    ]
}

/// Each part once in company.
pub fn usual(language: Language) -> Vec<Case> {
    let mut cases = Vec::new();
    for transport in Transport::ALL {
        cases.extend(models(transport).map(|model| Case::new(language, transport, model, "echo")));
    }
    cases.push(Case { is_v6: true, ..Case::new(language, Transport::Tcp, "threads", "echo") });
    cases.push(Case { words: Words::Zh, ..Case::new(language, Transport::Tcp, "epoll-lt", "chat") });
    for service in catalog::services().map(|s| s.id).filter(|id| *id != "echo") {
        for (transport, model) in
            [(Transport::Tcp, "threads"), (Transport::Tcp, "epoll-lt"), (Transport::UnixStream, "async"), (Transport::Udp, "poll")]
        {
            cases.push(Case::new(language, transport, model, service));
        }
    }
    for framing in framings() {
        for model in ["threads", "poll"] {
            cases.push(Case { framing: framing.clone(), ..Case::new(language, Transport::Tcp, model, "echo") });
        }
    }
    with_programs(cases)
}

/// Everything with everything.
pub fn all(language: Language) -> Vec<Case> {
    let mut cases = Vec::new();
    for transport in Transport::ALL {
        for model in models(transport) {
            cases.extend(catalog::services().map(|service| Case::new(language, transport, model, service.id)));
            let framed = framings().into_iter().filter(|_| transport.is_stream());
            cases.extend(framed.map(|framing| Case { framing, ..Case::new(language, transport, model, "upper") }));
        }
    }
    with_programs(cases)
}

/// Without those that the language has no means for: which these are is written down here.
fn with_programs(mut cases: Vec<Case>) -> Vec<Case> {
    cases.retain(|case| match case.program("/tmp/x") {
        Ok(_) => true,
        Err(NoProgram::NoRing(_)) => case.model == "io-uring",
        Err(NoProgram::NoCoroutines) => case.model == "async" && case.language == Language::C,
        Err(NoProgram::NoChatBetweenProcesses) => case.model == "processes" && case.service == "chat",
        Err(other) => panic!("{}: {other}", case.name()),
    });
    cases.retain(|case| case.program("/tmp/x").is_ok());
    cases
}
