//! Programs written out and made ready to run: Python as it is, C by `cc`, Rust all in one crate, of which each program is a module,
//! because that takes one build and one link.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use socketlab::code::Language;

use super::case::Case;

/// Programs in a directory of their own.
pub struct Built {
    pub cases: Vec<Case>,
    dir: tempfile::TempDir,
    language: Language,
}

impl Built {
    /// Writes and builds them; `None` when this machine has no compiler.
    pub fn of(language: Language, cases: Vec<Case>) -> Option<Self> {
        let dir = tempfile::Builder::new().prefix("slab").tempdir().unwrap();
        let built = Self { cases, dir, language };
        let texts = built.cases.iter().enumerate().map(|(number, case)| case.program(&built.socket(number)).unwrap().text);
        let texts: Vec<String> = texts.collect();
        build(language, built.dir.path(), &texts).then_some(built)
    }

    /// Where a Unix server of this number listens.
    pub fn socket(&self, number: usize) -> String {
        self.dir.path().join(format!("{number}.sock")).display().to_string()
    }

    pub fn number(&self, case: &Case) -> usize {
        self.cases.iter().position(|c| std::ptr::eq(c, case)).unwrap()
    }

    /// Ready to be started.
    pub fn command(&self, number: usize) -> Command {
        command(self.language, self.dir.path(), number)
    }
}

/// Writes programs to a directory and builds them; whether this machine can.
pub fn build(language: Language, dir: &Path, texts: &[String]) -> bool {
    match language {
        Language::Python => texts.iter().enumerate().for_each(|(n, text)| fs::write(dir.join(format!("p{n}.py")), text).unwrap()),
        Language::C => return c(dir, texts),
        Language::Rust => rust(dir, texts),
    }
    true
}

pub fn command(language: Language, dir: &Path, number: usize) -> Command {
    match language {
        Language::Python => {
            let mut command = Command::new("python3");
            command.arg("-B").arg("-W").arg("error").arg(dir.join(format!("p{number}.py")));
            command
        }
        Language::C => Command::new(dir.join(format!("p{number}"))),
        Language::Rust => {
            let mut command = Command::new(target().join("debug/programs"));
            // Another build of this test may replace it; each has its own copy.
            let own = dir.join("programs");
            if own.exists() {
                command = Command::new(own);
            }
            command.arg(number.to_string());
            command
        }
    }
}

/// What could not be compiled, with what the compiler says.
fn c(dir: &Path, texts: &[String]) -> bool {
    if Command::new("cc").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        let _nobody_reads = std::io::Write::write_all(&mut std::io::stderr(), b"left out: programs in C: this machine has no cc\n");
        return false;
    }
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(String::new()));
    let compile = || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(text) = texts.get(n) else { return };
            let file = dir.join(format!("p{n}.c"));
            fs::write(&file, text).unwrap();
            let mut cc = Command::new("cc");
            cc.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-pthread", "-o"]).arg(dir.join(format!("p{n}"))).arg(&file);
            let output = cc.output().unwrap();
            if !output.status.success() {
                let words = String::from_utf8_lossy(&output.stderr);
                let _ok = write!(wrong.lock().unwrap(), "{}\n{words}\n", text.lines().next().unwrap_or_default());
            }
        }
    };
    std::thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(compile))));
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong}");
    true
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs-target")
}

fn rust(dir: &Path, texts: &[String]) {
    static ONE_BY_ONE: Mutex<()> = Mutex::new(());
    let _turn = ONE_BY_ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let source = dir.join("src");
    fs::create_dir_all(&source).unwrap();
    let mut main = String::from("fn main() -> std::io::Result<()> {\n    match std::env::args().nth(1).as_deref() {\n");
    for (n, text) in texts.iter().enumerate() {
        let body = if text.contains("\nfn main() {") { "main();\n    Ok(())" } else { "main()" };
        let entry = format!("\npub fn entry() -> std::io::Result<()> {{\n    {body}\n}}\n");
        fs::write(source.join(format!("p{n}.rs")), format!("{text}{entry}")).unwrap();
        let _ok = writeln!(main, "        Some(\"{n}\") => p{n}::entry(),");
    }
    main.push_str("        _ => panic!(\"which program?\"),\n    }\n}\n");
    (0..texts.len()).for_each(|n| main.push_str(&format!("mod p{n};\n")));
    fs::write(source.join("main.rs"), format!("#![deny(warnings)]\n{main}")).unwrap();
    let manifest = "[package]\nname = \"programs\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nlibc = \"0.2\"\n\
                    tokio = { version = \"1\", features = [\"io-util\", \"net\", \"rt\", \"rt-multi-thread\", \"sync\", \"time\"] }\n\n\
                    [profile.dev]\ndebug = false\nincremental = false\n";
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    // The versions that are here already.
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();
    let cargo = |more: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.arg("build").args(more).current_dir(dir).env("CARGO_TARGET_DIR", target()).output().unwrap()
    };
    let mut output = cargo(&["--offline"]);
    if String::from_utf8_lossy(&output.stderr).contains("offline") {
        output = cargo(&[]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::copy(target().join("debug/programs"), dir.join("programs")).unwrap();
}
