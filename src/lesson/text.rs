//! The Markdown of lessons as a small tree: paragraphs, lists, code, links, bold, headings. What a lesson has no meaning for is refused
//! with its line, so that nothing vanishes silently.

use super::mistake::MarkdownMistake;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading within a step.
    Heading(Vec<Span>),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// Lines as they are.
    Code(String),
    /// A list.
    List {
        /// The number of its first item; `None` for dots.
        first: Option<u64>,
        /// Each its own blocks.
        items: Vec<Vec<Block>>,
    },
}

/// A run of characters of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The characters; `\n` is a forced line end.
    pub text: String,
    /// `**so**`.
    pub bold: bool,
    /// `*so*`.
    pub emphasis: bool,
    /// `` `so` ``.
    pub code: bool,
    /// Where it leads: `https://…`.
    pub link: Option<String>,
}

/// A file of Markdown: its title, what comes first, and its sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub title: Option<String>,
    pub intro: Vec<Block>,
    pub sections: Vec<Section>,
}

/// What stands under `## Heading {#key}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub key: String,
    pub line: usize,
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A mistake: its line and what is wrong.
pub(super) type Refused = (usize, MarkdownMistake);

/// Characters without their marks.
pub fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// Reads one paragraph of marks, such as a question.
pub(super) fn line(text: &str) -> Result<Vec<Span>, MarkdownMistake> {
    let page = page(text).map_err(|(_, why)| why)?;
    match (page.title, page.sections.is_empty(), <[Block; 1]>::try_from(page.intro)) {
        (None, true, Ok([Block::Paragraph(spans)])) => Ok(spans),
        _ => Err(MarkdownMistake::OneParagraph),
    }
}

/// Reads a whole file.
pub(super) fn page(text: &str) -> Result<Page, Refused> {
    let mut reader = Reader { text, page: Page::default(), open: Vec::new(), inline: Inline::default() };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter() {
        reader.event(event, range.start)?;
    }
    Ok(reader.page)
}

/// What is being read, the innermost last.
enum Open {
    Paragraph,
    Heading { level: HeadingLevel, key: Option<String>, line: usize },
    Code(String),
    List { first: Option<u64>, items: Vec<Vec<Block>> },
    Item(Vec<Block>),
}

#[derive(Default)]
struct Inline {
    spans: Vec<Span>,
    style: Span,
    /// A line ended in the source.
    broken: bool,
}

struct Reader<'a> {
    text: &'a str,
    page: Page,
    open: Vec<Open>,
    inline: Inline,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, at: usize) -> Result<(), Refused> {
        let refuse = |why| Err((line_of(self.text, at), why));
        match event {
            Event::Start(tag) => return self.begin(tag, at),
            Event::End(tag) => return self.end(tag, at),
            Event::Text(text) => match self.open.last_mut() {
                Some(Open::Code(code)) => code.push_str(&text),
                _ => self.inline.push(&text, false),
            },
            Event::Code(text) => self.inline.push(&text, true),
            Event::SoftBreak => self.inline.broken = true,
            Event::HardBreak => self.inline.push("\n", false),
            Event::Rule => return refuse(MarkdownMistake::Rule),
            Event::Html(_) | Event::InlineHtml(_) => return refuse(MarkdownMistake::Html),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {
                return refuse(MarkdownMistake::Meaningless);
            }
        }
        Ok(())
    }

    fn begin(&mut self, tag: Tag<'_>, at: usize) -> Result<(), Refused> {
        let line = line_of(self.text, at);
        let refuse = |why| Err((line, why));
        match tag {
            Tag::Paragraph => self.open.push(Open::Paragraph),
            Tag::Heading { level, id, .. } => self.open.push(Open::Heading { level, key: id.map(|id| id.to_string()), line }),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => self.open.push(Open::Code(String::new())),
            Tag::List(first) => {
                self.tight(at)?;
                self.open.push(Open::List { first, items: Vec::new() });
            }
            Tag::Item => self.open.push(Open::Item(Vec::new())),
            Tag::Strong => self.inline.style.bold = true,
            Tag::Emphasis => self.inline.style.emphasis = true,
            Tag::Link { dest_url, .. } if dest_url.starts_with("https://") => self.inline.style.link = Some(dest_url.to_string()),
            Tag::Link { .. } => return refuse(MarkdownMistake::Link),
            Tag::Image { .. } => return refuse(MarkdownMistake::Picture),
            Tag::HtmlBlock => return refuse(MarkdownMistake::Html),
            Tag::BlockQuote(_)
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => return refuse(MarkdownMistake::MeaninglessBlock),
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd, at: usize) -> Result<(), Refused> {
        match tag {
            TagEnd::Strong => self.inline.style.bold = false,
            TagEnd::Emphasis => self.inline.style.emphasis = false,
            TagEnd::Link => self.inline.style.link = None,
            TagEnd::Item => self.tight(at)?,
            _ => {}
        }
        let closes = matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::List(_) | TagEnd::Item);
        match self.open.pop_if(|_| closes) {
            Some(Open::Paragraph) => {
                let spans = self.spans(at)?;
                self.put(Block::Paragraph(spans), at)?;
            }
            Some(Open::Code(code)) => self.put(Block::Code(code.trim_end().to_owned()), at)?,
            Some(Open::List { first, items }) => self.put(Block::List { first, items }, at)?,
            Some(Open::Item(blocks)) => {
                if let Some(Open::List { items, .. }) = self.open.last_mut() {
                    items.push(blocks);
                }
            }
            Some(Open::Heading { level, key, line }) => {
                let spans = self.spans(at)?;
                self.heading(level, key, line, spans)?;
            }
            None => {}
        }
        Ok(())
    }

    /// The text of a tight list's item is a paragraph without events.
    fn tight(&mut self, at: usize) -> Result<(), Refused> {
        if matches!(self.open.last(), Some(Open::Item(_))) && !self.inline.spans.is_empty() {
            let spans = self.spans(at)?;
            self.put(Block::Paragraph(spans), at)?;
        }
        Ok(())
    }

    /// What was read within the block that begins there.
    fn spans(&mut self, at: usize) -> Result<Vec<Span>, Refused> {
        let spans = self.inline.take();
        if spans.iter().any(|span| !span.code && span.text.contains("**")) {
            return Err((line_of(self.text, at), MarkdownMistake::LooseStars));
        }
        Ok(spans)
    }

    fn put(&mut self, block: Block, at: usize) -> Result<(), Refused> {
        match (self.open.last_mut(), self.page.sections.last_mut()) {
            (Some(Open::Item(blocks)), _) => blocks.push(block),
            (Some(_), _) => return Err((line_of(self.text, at), MarkdownMistake::Misplaced)),
            (None, Some(section)) => section.blocks.push(block),
            (None, None) => self.page.intro.push(block),
        }
        Ok(())
    }

    fn heading(&mut self, level: HeadingLevel, key: Option<String>, line: usize, spans: Vec<Span>) -> Result<(), Refused> {
        let title = plain(&spans);
        match (level, key) {
            (HeadingLevel::H1, None) if self.page.title.is_none() && self.page.sections.is_empty() => self.page.title = Some(title),
            (HeadingLevel::H1, _) => return Err((line, MarkdownMistake::SecondTitle)),
            (HeadingLevel::H2, Some(key)) => self.page.sections.push(Section { key, line, title, blocks: Vec::new() }),
            (HeadingLevel::H2, None) => return Err((line, MarkdownMistake::NoKey)),
            (HeadingLevel::H3, None) => self.put(Block::Heading(spans), 0)?,
            (HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6, _) => {
                return Err((line, MarkdownMistake::Heading));
            }
        }
        Ok(())
    }
}

impl Inline {
    fn push(&mut self, text: &str, code: bool) {
        if std::mem::take(&mut self.broken) {
            let before = self.spans.last().and_then(|span| span.text.chars().last());
            let after = text.chars().next();
            // Between Chinese characters a line's end is no blank.
            if before.is_some_and(|c| !is_wide(c) && c != '\n') && after.is_some_and(|c| !is_wide(c)) {
                self.add(" ", false);
            }
        }
        self.add(text, code);
    }

    fn add(&mut self, text: &str, code: bool) {
        let style = Span { text: text.to_owned(), code, ..self.style.clone() };
        match self.spans.last_mut() {
            Some(last) if Span { text: String::new(), ..last.clone() } == Span { text: String::new(), ..style.clone() } => {
                last.text.push_str(text);
            }
            _ => self.spans.push(style),
        }
    }

    fn take(&mut self) -> Vec<Span> {
        self.broken = false;
        std::mem::take(&mut self.spans)
    }
}

/// CJK and full-width signs (Unicode: from U+2E80), and the dash and quotes that Chinese text uses.
fn is_wide(c: char) -> bool {
    c >= '\u{2e80}' || matches!(c, '—' | '…' | '“' | '”')
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}
