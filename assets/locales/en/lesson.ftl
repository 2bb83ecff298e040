# lessons, experiments, the gallery and presenter mode

lesson-opened = The lesson's lab is open. Nothing was started
lesson-experiment-opened = The experiment's lab is open. Nothing was started
lesson-asks-first = it is asked first what may be seen on the network; then do it again
lesson-numbered = { $number } · { $title }
lesson-dot = Step { $n } of { $of }: { $title }
lesson-step-short = { $n } / { $of }
lesson-step-of = Step { $n } of { $of }
lesson-close = Close the lesson
lesson-close-tip = Closes the lesson; the lab stays and goes on
lesson-export = Export the result
lesson-export-tip = Answers, checks, plots and the lab as one HTML page that opens anywhere
lesson-present = Presenter mode
lesson-present-tip = Larger type and only the panels that the step is about (F7)
lesson-leave = Leave presenter mode
lesson-leave-tip = Back to all panels (Escape)
lesson-frozen = Frozen
lesson-freeze = Freeze
lesson-go-on = Frozen: go on
lesson-previous = Previous step
lesson-previous-tip = Goes one step back (Page Up)
lesson-next = Next step
lesson-next-tip = Goes to the next step (Page Down)
lesson-next-lesson = Next lesson
lesson-next-lesson-tip = Opens the lesson that follows; what is unsaved is asked about first
lesson-does = Does: { $lines }
lesson-left-out = Step { $n } was left out; this one may build on it
lesson-checks = Seen in the lab
lesson-check-held = holds
lesson-check-pending = not seen yet
lesson-check-failed = not yet: { $seen }
lesson-check-unknown = this system does not tell: { $seen }
lesson-notice = What to notice
lesson-predict = Predict, then look
lesson-reveal = Reveal
lesson-reveal-tip = Closes the answers and shows what happens
lesson-again = Ask again
lesson-again-tip = Opens the question again; the answers stay
lesson-under-way = It is happening now…
lesson-number = Number
lesson-number-tip = An answer; Enter adds it
lesson-name = Name, if you like
lesson-name-tip = Whose answer the next one is; empty for nobody's. The same name answers again
lesson-name-hint = Name
lesson-place = { $n }.
lesson-add-answer = Add answer
lesson-add-answer-tip = Counts this answer; the next person can type
lesson-option-tip = One more answer for this
lesson-order-tip = Choose them in the order in which they happen; again takes it out
lesson-people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
lesson-answers-none = Nobody has answered yet
lesson-answers = { $n ->
    [one] { $n } answer
   *[other] { $n } answers
}
lesson-answers-named = { $n ->
    [one] { $n } answer
   *[other] { $n } answers
}: { $names }
lesson-names-and = { ", " }
lesson-take-back = Take back the last answer
lesson-take-back-tip = Removes the answer that was given last
lesson-answer-unfit = This is no answer to the question
lesson-answer-late = It is revealed already
lesson-answer-many = There are 1,000 answers already
lesson-happened = What happened: { $what }
lesson-otherwise = Not what the lesson says: { $why }
lesson-unknown = This system does not tell: { $why }
lesson-right = { $right } of { $n } had it right
lesson-bar = { $answer }: { $people }
lesson-bar-hit = { $answer }: { $people }; this happened

gallery-title = Gallery
gallery-words = Lessons and ready experiments. Opening one starts nothing
gallery-close = Close the gallery
gallery-close-tip = Back to the lab (Escape)
gallery-own = Open your own…
gallery-own-tip = A lesson of your own (its lesson.toml), or a lab
gallery-search = Search
gallery-search-tip = Finds by title, sentence, code or name
gallery-all = All
gallery-all-tip = Shows every section
gallery-section-tip = Shows only: { $name }
gallery-lessons = Lessons
gallery-section-a = Transports
gallery-section-b = Server models
gallery-section-c = Services
gallery-section-d = Framing and bytes
gallery-section-e = Life of a connection
gallery-section-f = Backlog
gallery-none = Nothing has these words
gallery-card = { $code } { $title }
gallery-card-tip = { $sentence } Opens its lab; starts nothing
gallery-card-lacks = { $sentence } Not on this system: { $why }. It can be opened and read
gallery-lacks = Not here: { $why }
gallery-minutes = { $n } min

start-here = Start here
start-here-lesson = First lesson
start-here-gallery = Open gallery
start-here-empty = Empty lab
start-here-hide = Hide “Start here”
start-here-hide-tip = Hides it until the next start; the menu has the gallery too

undo-lesson = what the lesson did
cmd-gallery = Gallery…
cmd-gallery-tip = Lessons and ready experiments as cards; opening one starts nothing
cmd-first-lesson = First lesson: what a socket is
cmd-first-lesson-tip = Opens lesson 1; asks about unsaved changes first and starts nothing
cmd-lesson-next = Lesson: next step
cmd-lesson-next-tip = Goes to the next step of the lesson
cmd-lesson-previous = Lesson: previous step
cmd-lesson-previous-tip = Goes one step back in the lesson
cmd-lesson-present = Presenter mode
cmd-lesson-present-tip = Larger type and only the panels that the step is about
cmd-lesson-export = Export lesson result…
cmd-lesson-export-tip = Answers, checks, plots and the lab as one HTML page
cmd-lesson-close = Close lesson
cmd-lesson-close-tip = Closes the lesson; the lab stays and goes on
lesson-none = no lesson is open

# what is wrong with a lesson's files

lesson-mistake = Saved with a mistake; this is the lesson before it. { $error }
lesson-lab-saved = The lesson's lab was saved anew: open the lesson again to have it
