# predict, then reveal

predict-title = Predict
predict-question = { $n ->
    [one] Will this client connect at once, after listen({ $backlog })? Answer 0 or 1.
   *[other] How many of these { $count } clients will connect at once, after listen({ $backlog })?
    }
predict-nobody = No client of this server connects when it is started. Give one some connections under Inspector, then a question is asked here
predict-name = Name of answer { $n }
predict-name-tip = Who answers; may stay empty
predict-name-hint = name
predict-number = Answer { $n }
predict-number-tip = How many clients will connect with their first try
predict-remove = Remove answer { $n }
predict-remove-tip = Takes this answer away
predict-add = Add an answer
predict-add-tip = A line for one more person
predict-run = Run and reveal
predict-again = Run again
predict-run-tip = Starts the server and its clients anew, waits until every connect is decided or a second has passed, and shows the answers beside what was measured
predict-run-busy = The run goes on
predict-run-frozen = Not while the picture is frozen
predict-busy = the run goes on…
predict-count = { $n ->
    [0] nobody has answered
    [one] 1 answer
   *[other] { $n } answers
    }
predict-revealed = First question, revealed
predict-clear = Clear the answers
predict-clear-tip = Forgets every answer
predict-said = said
predict-somebody = person { $n }
predict-measured = measured
predict-measured-tip = Clients whose connect succeeded without a retry (TCP_INFO, and the return of connect)
predict-why = Linux lets n + 1 in: it refuses only when the queue is longer than n.
predict-why-all = { $n ->
    [one] There was a place for it: { $places } in all.
   *[other] There was a place for each: { $n } clients, { $places } places.
    }
predict-why-accepted = { $n ->
    [one] { $places } places are n + 1, and accept() made room for 1 more meanwhile.
   *[other] { $places } places are n + 1, and accept() made room for { $n } more meanwhile.
    }
predict-why-fewer = There are { $places } places (n + 1); not all who came got one at the first try.
predict-why-untold = This system does not tell how many places there are; connects were counted.
predict-when = A place becomes free. When does client { $n } get in?
predict-at-once = At once
predict-at-retry = At its next SYN retry
predict-after-another = When another has been accepted
predict-never = Never
predict-choice-tip = Chooses this answer, until the run has shown it
predict-chosen-by = { $choice }: { $who }
predict-turn = Choose for { $name }
predict-turn-done = Choose again for { $name }
predict-turn-tip = Whose choice the next click is; after it the next person is on
predict-right = Right: { $who }
predict-when-wait = It is revealed when that client gets in or gives up. While accepting is paused: Accept 1
predict-entry = It got in with its SYN number { $n }, after { $time }: nobody tells a waiting client that a place is free.
predict-entry-unix = It got in with try number { $n }, after { $time }: a non-blocking connect is told EAGAIN and asks again.
predict-entry-free = The place had been free for { $time }.
predict-entry-never = It gave up after { $time }: no retry found a place in time.
