//! What is counted of a board or of one connection. A value only.

use super::Conn;

/// Exact totals of a board or a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Connections that reached `Open`.
    pub opened: u64,
    /// Connections that ended with [`End::Failed`] before they were open.
    pub failed: u64,
    /// Peers that the accept filter turned away.
    pub refused: u64,
    /// Live connections that are open (or half-open: one side ended).
    pub open: u64,
    /// Live connections still connecting.
    pub connecting: u64,
    /// Bytes received.
    pub rx_bytes: u64,
    /// Bytes sent.
    pub tx_bytes: u64,
    /// Successful receives.
    pub rx_messages: u64,
    /// Successful sends.
    pub tx_messages: u64,
}

impl Totals {
    /// What one connection moved.
    pub(super) fn add_moved(&mut self, conn: &Conn) {
        let of = conn.totals();
        self.rx_bytes += of.rx_bytes;
        self.tx_bytes += of.tx_bytes;
        self.rx_messages += of.rx_messages;
        self.tx_messages += of.tx_messages;
    }
}
