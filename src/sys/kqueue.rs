//! `kqueue(2)`, macOS and the BSDs.
