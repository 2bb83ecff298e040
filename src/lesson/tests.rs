//! Markdown becomes a tree or is refused; a lesson that is given goes on; a page is safe.
