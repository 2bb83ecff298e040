# The call log

calls-title = Call log
calls-empty = Start a server: every call that its threads make becomes a row here
calls-start = Start all
calls-start-tip = Starts every server and client of the lab
calls-none-match = No call matches the filter
calls-clear-filter = Clear the filter
calls-clear-filter-tip = Shows all calls again
calls-filter = Filter calls
calls-filter-hint = call:recv errno:EAGAIN
calls-filter-tip = Words in calls and names; session:echo, lane:worker-1, call:recv, fd:33, errno:EAGAIN (any, ok), took>1ms, bytes>100; a leading - excludes; several of one kind are alternatives
calls-bad-term = “{ $term }” is not understood; the filter before stays
calls-filtering = filtering…
calls-dropped = { $rows } calls came faster than they could be kept; the counters include them
calls-passed-over = { $rows } calls came and went faster than this list reads them
calls-evicted = { $rows } older calls went to stay within the memory limit
calls-chip = Remove { $term }
calls-chip-tip = Takes this term out of the filter
calls-menu = More about calls
calls-menu-tip = Clients’ calls, copy as text
calls-clients = Clients’ calls too
calls-clients-tip = Shows the calls of clients beside those of servers
calls-copy-all = Copy all shown
calls-copy-picked = Copy picked rows
calls-copy-tip = As text, one call a line; the newest { $rows } at most. Click a row, then Shift+click another to pick
calls-copied = { $rows ->
    [one] 1 call copied
   *[other] { $rows } calls copied
}
calls-only = Only { $term }
calls-not = Without { $term }
calls-term-tip = Adds this to the filter, or takes it out when it is there
calls-jump = Jump to newest
calls-jump-new = Jump to newest · +{ $rows }
calls-jump-tip = Follows the newest call again
calls-row-tip = Click selects the connection; Shift+click picks rows to copy; right click filters
calls-line = { $file }, line { $line }
calls-col-time = Time
calls-col-time-tip = When the call came back, since the lab engine started, in minutes, seconds and microseconds
calls-col-lane = Lane
calls-col-lane-tip = The session and its thread, process or task
calls-col-call = Call
calls-col-call-tip = ▼ takes bytes in, ▲ hands bytes out, ◆ a connection begins; with its arguments in brief
calls-col-result = Result
calls-col-result-tip = What it returned, or the error by name; × many times in a row
calls-col-took = Took
calls-col-took-tip = From entering the call to its return, sleep included
calls-col-bytes = Bytes
calls-col-bytes-tip = What the call moved
