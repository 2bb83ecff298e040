//! Text and bytes: escapes, hex, previews. Pure. Payload bytes are the truth; what is made here are views.
