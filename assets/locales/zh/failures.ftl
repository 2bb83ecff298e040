# failures, events, refused addresses, bytes and files

failure-line = { $operation } { $endpoint }：{ $cause }
failure-line-errno = { $operation } { $endpoint }：{ $cause }（{ $errno }）

operation-socket-file = 套接字文件
operation-thread = 线程
operation-wait = 等待
operation-start = 启动
operation-serve = 服务
operation-framing = 分帧
operation-join = 加入组
operation-sequence = 发送序列

cause-address-in-use = 地址已被占用。请停止占用它的程序，或换一个端口（填 0 由系统选择）
cause-address-not-available = 本机没有这个地址。可以试试 127.0.0.1
cause-permission-denied = 权限不足。1024 以下的端口需要特权；套接字文件要放在可写的目录里
cause-unreachable = 没有到该地址的路由。请检查地址和网络
cause-refused = 连接被拒绝：那里没有监听者。请先启动服务器
cause-timed-out = 超时：在时限内没有应答
cause-reset = 对方重置了连接
cause-broken-pipe = 对方已经关闭连接
cause-name-not-found = 找不到该主机名。请检查拼写，或改用数字地址
cause-path-too-long = 路径超过了套接字地址的长度。请用短一些的路径，例如 /tmp/lab.sock
cause-too-many-descriptors = 打开的描述符太多。请关闭一些连接，或提高上限（ulimit -n）
cause-no-ports-left = 本地端口已用完。请等 TIME_WAIT 结束，或减少连接数
cause-message-too-long = 报文太长，一个数据报装不下。请减少字节数
cause-no-such-file = 没有这个文件。请启动服务器，或检查路径
cause-no-such-directory = 所在目录不存在。请先创建目录，或换一个路径
cause-broadcast-not-allowed = 这是广播地址，需要 SO_BROADCAST。请打开该选项，或改用单台主机的地址
cause-not-a-socket = 该路径已存在，但不是套接字，没有动它。请换一个路径
cause-live-socket-file = 这个套接字文件属于正在运行的服务器，没有动它。请换一个路径
cause-server-not-running = 该服务器还没有地址。请先启动它
cause-not-available = 本系统不支持：{ $reason }
cause-turned-away = 被接入过滤器拒绝
cause-service-failed = 服务放弃了该连接：{ $words }
cause-service-panicked = 服务发生 panic：{ $words }。服务器继续运行
cause-too-slow = 已断开：其他端发来、等待其读取的数据超过 { $kib } KiB
cause-no-reply = { $ms } 毫秒内没有收到匹配的消息
framing-too-long = 消息达到或超过 { $len } 字节；最多允许 { $most } 字节
framing-shorter-than-itself = 长度为 { $len }，却应包含自身的 { $width } 字节
framing-unfinished = 流在一条消息中间结束，只收到其中 { $have } 字节
framing-wrong-size = 消息为 { $len } 字节，而每条应为 { $size } 字节
framing-holds-delimiter = 消息在第 { $at } 字节处含有分隔符
framing-length-too-big = 长度 { $len } 无法用 { $width } 字节表示

event-started = { $name } 已运行
event-started-at = { $name } 已运行在 { $local }
event-replaced-stale-file = { $name } 替换了残留的套接字文件 { $path }，原来的服务器已不在
event-stopped = { $closed ->
    [0] { $name } 已停止
   *[other] { $name } 已停止，关闭了 { $closed } 个连接
}
event-model-switched = { $closed ->
    [0] { $name } 的等待方式已由 { $from } 换成 { $to }
   *[other] { $name } 的等待方式已由 { $from } 换成 { $to }，关闭了 { $closed } 个连接
}
event-failed = { $name } 失败：{ $failure }
event-trouble = { $name }：{ $failure }
event-retrying = { $name } 将在 { $seconds } 秒后重试（第 { $attempt } 次）
event-backlog-changed = { $name }：backlog 从 { $from } 改为 { $to }
event-sequence-done = { $name }：序列“{ $sequence }”已完成
event-sequence-stopped = { $name }：序列“{ $sequence }”已停止
event-sequence-failed = { $name }：序列“{ $sequence }”在第 { $step } 步失败：{ $failure }
event-send-done = { $name } 发送了 { $messages } 条消息
event-closed-orderly = { $name } 关闭了 { $count } 个连接
event-closed-half = { $name } 结束了 { $count } 个连接的发送方向（FIN），仍可接收
event-closed-reset = { $name } 重置了 { $count } 个连接（RST）

end-orderly = 双方都已关闭（FIN）
end-reset = 被重置（RST）
end-here = 由本端关闭
end-service = 由服务关闭
end-idle = 空闲超时，已关闭
end-framing = 已关闭：{ $why }

address-empty = 地址是空的
address-no-port = 缺少端口：请写成 主机:端口，例如 127.0.0.1:7788
address-bad-port = “{ $port }”不是端口：应为 0 到 65535
address-needs-brackets = 带端口的 IPv6 地址要加方括号：[::1]:7788
address-bad-host = “{ $host }”既不是数字地址，也不是主机名
address-path-too-long = 路径有 { $bytes } 个字节，套接字地址只能装下 { $max } 个
address-nul-in-path = 路径里不能有 NUL 字节

bytes-at = { $what }，位于第 { $column } 个字符
bytes-unknown-escape = “\{ $found }”不是转义：请用 \n \r \t \0 \xHH 或 \\
bytes-lone-backslash = 末尾单独有一个反斜杠：要输入反斜杠请写 \\
bytes-short-hex-escape = \x 后面要有两个十六进制数字，例如 \x0a
bytes-bad-digit = “{ $found }”不是十六进制数字：应为 0 到 9、a 到 f
bytes-bad-base64 = “{ $found }”不是 Base64 字符：应为 A–Z、a–z、0–9、+ 和 /，或 - 和 _
bytes-short-base64 = Base64 在一个字节中间结束：2、3、4 个字符对应 1、2、3 个字节
bytes-half-byte = 只有半个字节：“{ $found }”还缺一个十六进制数字
bytes-not-in-encoding = { $encoding } 编码中没有“{ $found }”：请换一种编码，或用 \xHH 写出它的字节
bytes-open-field = 字段从这里开始却没有结束：缺少 { "}}" }。要输入花括号请写 \{ "{" }
bytes-unknown-field = 没有这个字段。可用字段：{ $names }。要输入花括号请写 \{ "{" }
bytes-bad-argument = 这个字段的写法是 { $usage }
bytes-too-many-fields = 一个载荷最多有 { $max } 个字段

render-too-large = 消息会超过 { $max } 字节
render-too-much-summed = 一条消息的校验和总共最多涵盖 { $max } 个字节
render-no-file = 没有读到文件“{ $path }”
render-outside-message = 范围超出了消息，消息共 { $len } 字节
render-does-not-fit = 字段放不下 { $number }

struct-no-number = 请写整数，例如 42、-1 或 0x2a
struct-out-of-range = 取值范围是 { $min } 到 { $max }
struct-no-float = 请写数值，例如 1.5、-3e8 或 inf
struct-wrong-size = 有 { $have } 个字节，而字段是 { $size } 个字节

labfile-line = 第 { $line } 行第 { $column } 列：{ $what }
labfile-line-endpoint = 第 { $line } 行第 { $column } 列，“{ $endpoint }”：{ $what }
labfile-too-large = 文件有 { $bytes } 个字节，实验文件最多 { $max } 个
labfile-too-many = 文件里有 { $count } 个服务器和客户端，一个实验最多 { $max } 个
labfile-syntax = 这不是 TOML：{ $said }
labfile-unknown-key = 这里没有键“{ $key }”。可用的键：{ $known }
labfile-missing = 缺少“{ $key }”
labfile-wrong-type = “{ $key }”应为 { $expected }，而不是 { $found }
labfile-bad-name = 名称不能为空，也不能含控制字符
labfile-duplicate-name = 名称已在第 { $first } 行使用。每个名称只能用一次
labfile-unknown = “{ $name }”不存在（{ $what }）
labfile-unknown-known = “{ $name }”不存在（{ $what }）。可选：{ $known }
labfile-out-of-range = “{ $key }”是 { $value }，应在 { $min } 到 { $max } 之间
labfile-too-long = “{ $key }”有 { $len } 个字符，最多 { $most } 个
labfile-escape = “{ $key }”：{ $error }
labfile-pace = “accept_pace”的值是“{ $written }”；请写 eager、paused，或 250ms、1s 这样的时间
labfile-range = “{ $key }”：“{ $range }”不是地址范围。请写 127.0.0.0/8、::1/128 或单个地址
labfile-too-many-ranges = “{ $key }”有 { $count } 个范围，最多 { $max } 个
labfile-address = “{ $key }”：{ $error }
labfile-port-zero = 客户端不能连接端口 0；只有服务器可以让系统选择端口
labfile-no-target = 缺少“server”、“address”或“to”：这个客户端要连接哪里？
labfile-two-targets = “server”、“address”和“to”只能保留一个
labfile-pair-transport = 套接字对只能由 Unix 套接字组成；它的传输方式是 { $transport }
labfile-pair-local = 套接字对的两端没有地址，请去掉“local”
labfile-transport-mismatch = 它的传输方式是 { $client }，而服务器“{ $server }”是 { $other }
labfile-no-datagrams = 模型“{ $model }”不能服务 { $transport }：{ $reason }
labfile-too-many-of = “{ $key }”有 { $count } 项，最多 { $max } 项
labfile-folder = “{ $folder }”不是文件夹：请写用 / 分隔的名称
labfile-delimiter = “delimiter”有 { $len } 个字节，应为 1 到 { $max } 个
labfile-group = “groups”：“{ $group }”不是组播组：请写 224.0.0.0 到 239.255.255.255 或 ff00::/8，后面可以加 %接口
labfile-two-matches = “{ $first }”和“{ $second }”不能同时出现，请保留一个
labfile-regex = “regex”不是正则表达式：{ $said }
labfile-lengths = “length”：{ $from } 大于 { $to }
labfile-step = 每一步需要“send”“wait_ms”“reply”中的一个
labfile-experiment-id = “id”是“{ $id }”；只能用小写字母 a 到 z、数字和连字符
labfile-script = “{ $key }”：{ $said }
labfile-body = “body”：{ $error }
labfile-what-transport = 传输方式
labfile-what-model = I/O 模型
labfile-what-model-setting = 模型设置
labfile-what-service = 服务
labfile-what-service-setting = 服务设置
labfile-what-server = 服务器
labfile-what-reconnect = 重连方式
labfile-what-format = 格式
labfile-what-line-ending = 行尾
labfile-what-encoding = 编码
labfile-what-framing = 成帧方式
labfile-what-length-header = 长度头
collection-json = 第 { $line } 行第 { $column } 列：{ $said }
collection-hex = 报文“{ $name }”的十六进制有误：{ $why }
collection-repeat = 报文“{ $name }”：“{ $said }”不是 0 到一天之间的秒数
collection-too-many = 报文超过 { $most } 个
labfile-what-need = 所需条件
labfile-what-to = 目标
labfile-what-after-end = 结束方式
