# 检查器

inspector-title = 检查器
inspector-time-us = { $n } µs
inspector-time-ms = { $n } ms
inspector-time-s = { $n } 秒
inspector-time-min = { $m } 分 { $s } 秒
inspector-time-h = { $h } 小时 { $m } 分
