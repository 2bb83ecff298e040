# The inspector

inspector-title = Inspector
inspector-time-us = { $n } µs
inspector-time-ms = { $n } ms
inspector-time-s = { $n } s
inspector-time-min = { $m } min { $s } s
inspector-time-h = { $h } h { $m } min
