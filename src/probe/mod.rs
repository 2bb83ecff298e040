//! What the kernel knows: queue lengths, unread and unsent bytes. Each system in a file of its own.
