# 报文编辑器

composer-title = 报文编辑器
composer-nothing = 选择一个服务器或客户端，编辑它要发送的报文
composer-of = { $name } 的报文
composer-page-packet = 报文
composer-page-packet-tip = 发送的内容及其字节

composer-body = 报文内容
composer-body-tip = 可含 \n \r \t \0 \xHH \\ 的文本、成对的十六进制数字或 base64；字段写在双花括号内。Ctrl+Enter（⌘+Enter）发送
composer-encoding = 编码
composer-encoding-tip = 字符如何变成字节；编码中没有的字符会被拒绝并指出位置
composer-framed = 成帧：{ $framing }
composer-framed-tip = 按端点的成帧方式作为一条消息发送，带上首部或分隔符
composer-framing-raw = 不成帧
composer-framing-fixed = 定长
composer-framing-delimiter = 分隔符
composer-framing-length = 长度前缀
composer-framing-until-close = 直到关闭
composer-framing-too-long = 消息有 { $len } 字节；成帧最多允许 { $most } 字节
composer-framing-shorter = 长度 { $len } 还要计入自身的 { $width } 字节
composer-framing-unfinished = 在一条消息中间结束，已有 { $have } 字节
composer-framing-wrong-size = 消息有 { $len } 字节；定长成帧每次发送 { $size } 字节
composer-framing-holds = 消息在第 { $at } 字节处含有分隔符：对端会把它切成两条
composer-framing-too-big = 长度 { $len } 放不进 { $width } 个字节
composer-fields-in-the-way = 其中的字段无法用该格式表示
composer-no-bytes = 内容没有错误时，这里显示它的字节

composer-hex = 十六进制字节
composer-text = 文本形式的字节
composer-over = 改写
composer-put-in = 插入
composer-typing-tip = 在字节中输入时改写原字节，还是插入到它之前；Insert 键可切换
composer-legend-added = { $count ->
   *[other] 行尾或成帧添加的 { $count } 个字节
}
composer-legend-fields = { $count ->
   *[other] 字段产生的 { $count } 个字节
}
composer-not-yours = 此处不能修改这个字节：它由字段、行尾或成帧产生
composer-file-fixed = 文件的字节只显示，不修改
composer-reading-at = 位置 { $at }
composer-big = 大端
composer-little = 小端
composer-reading-tip = { $value }。单击即复制
composer-copied = 已复制 { $value }

composer-insert = 插入字段
composer-insert-tip = 在光标处放入字段、长度或校验和
composer-insert-fields = 字段
composer-insert-lengths = 其后内容的长度
composer-insert-checksums = 其前内容的校验和
composer-field-counter = 消息序号，十进制数字
composer-field-counter-bytes = 消息序号，2 字节
composer-field-time = 日期和时间（UTC）
composer-field-time-bytes = 1970 年以来的秒数，4 字节
composer-field-random = 4 个随机字节
composer-field-count = 递增字节 00 01 02 …
composer-field-hex = 十六进制字节
composer-field-base64 = base64 字节
composer-field-file = 文件的字节
composer-length-8 = 1 字节
composer-length-16 = 2 字节，大端
composer-length-32 = 4 字节，大端
composer-length-digits = 4 位十进制数字
composer-checksum-about = { $bytes ->
   *[other] { $bytes } 字节
}

composer-next = 接下来的三条
composer-next-tip = 接下来几次发送的内容；随机字节届时会不同

composer-once = 一次
composer-once-tip = 只发送一次
composer-every = 周期
composer-every-tip = 每隔若干毫秒发送一次
composer-fast = 尽快
composer-fast-tip = 套接字能接受多快就发多快
composer-rate = 限速
composer-rate-tip = 每秒发送若干字节
composer-period = 两次发送的间隔
composer-period-tip = 单位毫秒，最小为 1
composer-rate-name = 每秒字节数
composer-rate-name-tip = 每秒至多发送这么多字节
composer-times = 发送次数
composer-times-tip = 发送多少次；0 表示直到停止
composer-to = 发送给
composer-to-tip = 每次发送时打开的所有连接，或选定的连接
composer-to-these = 选定 { $count } 个
