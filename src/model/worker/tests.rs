//! The child of a test is the test program itself: this one of its tests.

/// Run by [`program`](super::program) only; by hand there is no socket to serve.
#[test]
#[ignore = "is the child process of other tests"]
fn is_the_child() {
    let served = super::main();
    std::process::exit(if served.is_ok() { 0 } else { 1 });
}
