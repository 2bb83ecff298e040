# 检查器

inspector-title = 检查器
inspector-nothing = 请选中一个服务器、客户端或连接，或者添加一个
inspector-add-server = 添加服务器
inspector-add-server-tip = 添加一个未启动的 TCP 回显服务器；其他种类在菜单中
inspector-add-client = 添加客户端
inspector-add-client-tip = 添加一个未启动的 TCP 客户端；其他种类在菜单中

inspector-start = 启动
inspector-start-tip = 启动：socket()，然后 bind() 和 listen()，或 connect()
inspector-stop = 停止
inspector-stop-tip = 停止：关闭套接字，结束线程
inspector-finish = 收尾
inspector-finish-tip = 不再 accept()，处理完现有连接后停止；“停止”则立即关闭它们
inspector-restart = 重新启动
inspector-restart-tip = 停止后按下面的设置在同一地址重新启动
inspector-never = 已停止
inspector-starting = 正在启动
inspector-stopping = 正在停止
inspector-running = 已运行 { $span }
inspector-stopped = 已停止 { $span }
inspector-failed = 失败：{ $failure }
inspector-listener = · 监听套接字为 fd { $fd }
inspector-socket = · 套接字为 fd { $fd }
inspector-stale = 正以较早的设置运行
inspector-apply = 重启以应用

inspector-waits = 如何等待
inspector-group-blocking = 阻塞：一次调用，一次等待
inspector-group-multiplexing = 多路复用：一次等待多个套接字
inspector-group-other = 非阻塞、信号、完成通知、任务
inspector-missing = 本系统不可用：{ $reason }
inspector-no-datagrams = { $model } 不适用于数据报：{ $reason }
inspector-switch-running = { $count ->
    [0] 切换会保留地址；目前没有打开的连接。
   *[other] 切换会保留地址，并关闭 { $count } 个连接。
}
inspector-switch-stopped = 切换在下次启动时生效。
model-iterative = 一个线程一次只服务一个客户端：它在 recv 中等待，直到该客户端离开，其余客户端留在 accept 队列中。
model-threads = 一个线程在 accept 中等待，并为每个连接创建一个线程，各自在自己的 recv 中等待。
model-poll = 一个线程带着全部套接字的列表在 poll 中睡眠；每次唤醒后要查看整个列表。
model-epoll-lt = 一个线程在 epoll_wait 中睡眠；内核只返回就绪的套接字，并在读空之前反复返回。
model-kqueue = 一个线程在 kevent 中睡眠；内核只返回就绪的套接字。
service-echo = 原样发回收到的内容
service-upper = 把收到的内容中的 a–z 变成 A–Z 后发回
service-discard = 读取全部内容，不作回答
service-greeter = 先问候，对每条消息回答“Hello, …”，收到 exit 时离开

inspector-is = 基本设置
inspector-client-is = 连接到哪里
inspector-transport = 传输方式
inspector-transport-tip = 套接字的种类：socket(AF_INET 或 AF_UNIX, SOCK_STREAM 或 SOCK_DGRAM)
inspector-transport-tcp = TCP
inspector-transport-udp = UDP
inspector-transport-unix-stream = Unix 流
inspector-transport-unix-dgram = Unix 数据报
inspector-address = 地址
inspector-host = 主机
inspector-host-tip = 主机名，或数字形式的 IPv4、IPv6 地址；127.0.0.1 仅限本机
inspector-port = 端口
inspector-port-tip = 0 到 65535；0 表示由系统在 bind() 时选择空闲端口
inspector-port-zero = 端口将由系统选择
inspector-port-chosen = 系统选择了 { $port }
inspector-path = 路径
inspector-path-tip = 套接字文件；bind() 时创建，停止时删除
inspector-service = 服务
inspector-service-tip = 对收到的字节如何回答
inspector-backlog = backlog
inspector-backlog-tip = listen(n) 中的 n：最多有多少连接等待 accept
inspector-backlog-linux = listen({ $n }) 提供 { $places } 个位置
inspector-backlog-other = listen({ $n }) 请求 { $n } 个位置；系统可能会调整

inspector-target = 目标
inspector-target-tip = 本实验的服务器（跟随其地址，包括系统选择的端口），或任意地址
inspector-target-address = 指定地址
inspector-target-gone = 没有名为“{ $name }”的服务器。请选择其他目标
inspector-local = 本地地址
inspector-local-tip = connect() 之前的 bind()：本地地址；留空由系统选择
inspector-local-hint = 由系统选择
inspector-timeout = 连接超时
inspector-timeout-tip = 一次 connect() 最多等待多久，单位毫秒
inspector-timeout-zero = 使用系统自身的限制
inspector-connections = 连接数
inspector-connections-tip = 启动时打开多少个连接，1 到 5,000
inspector-reconnect = 自动重连
inspector-reconnect-tip = 连接被拒绝或断开后是否重试
inspector-reconnect-on = 0.5 秒后重试，之后每次等待时间加倍，最多 10 秒。
inspector-reconnect-off = 只尝试一次；失败时说明原因。

inspector-live = 当前连接
inspector-live-line = { $open } 个已打开，{ $waiting } 个正在连接
inspector-retry = 第 { $attempt } 次重试将在 { $span } 后进行
inspector-count = 数量
inspector-count-tip = 旁边两个按钮打开或关闭的连接数
inspector-open-more = 再打开 { $n } 个
inspector-open-more-tip = 打开更多连接：socket()、connect()；总数最多 { $max }
inspector-close-n = 关闭 { $n } 个
inspector-close-n-tip = 关闭最新的若干个：close()，发送 FIN
inspector-close-all = 全部关闭
inspector-close-all-tip = 关闭该客户端的所有连接：close()，发送 FIN
inspector-half-all = 全部半关闭
inspector-half-all-tip = 对所有连接调用 shutdown(SHUT_WR)：发送 FIN，仍可接收
inspector-reset-all = 全部重置
inspector-reset-all-tip = 对所有连接设置 SO_LINGER 0 并 close()：发送 RST

inspector-packet = 发送数据
inspector-to = 发给
inspector-to-name = 发送对象
inspector-to-tip = 每次发送时所有打开的连接，或其中一个
inspector-to-all = { $count ->
    [0] 全部
   *[other] 全部（{ $count }）
}
inspector-body = 发送内容
inspector-body-tip = 可含 \n \r \t \0 \xHH \\ 的文本，或成对的十六进制数字；Ctrl+Enter（⌘+Enter）发送
inspector-file = 要发送的文件
inspector-file-tip = 要发送其内容的文件路径，最大 16 MiB
inspector-preview-tip = 将要发送的确切字节；显示前 64 个
inspector-bytes = { $count ->
   *[other] { $shown } 字节
}
inspector-format-text = 文本
inspector-format-text-tip = UTF-8 文本，可用转义 \n \r \t \0 \xHH \\
inspector-format-hex = 十六进制
inspector-format-hex-tip = 成对的十六进制数字；各对之间可以有空格
inspector-format-file = 文件
inspector-format-file-tip = 文件的字节
inspector-ending = 行尾
inspector-ending-tip = 附加在文本之后；HTTP、SMTP、FTP 使用 \r\n
inspector-ending-none = 无行尾
inspector-read-again = 重新读取文件
inspector-read-again-tip = 发送的是已读取的内容；此处重新读取文件
inspector-file-reading = 正在读取文件…
inspector-file-none = 请填写文件路径
inspector-file-failed = 无法读取文件：{ $said }
inspector-file-not-regular = 不是普通文件：目录、管道或设备可能没有结尾。请选择一个文件
inspector-file-too-large = 文件有 { $bytes }；一次最多发送 16 MiB
inspector-once = 一次
inspector-once-tip = 只发送一次
inspector-repeat = 重复
inspector-repeat-tip = 每隔若干毫秒发送一次，共若干次
inspector-every = 每隔
inspector-every-name = 两次发送的间隔
inspector-every-tip = 单位毫秒；0 表示套接字能接受多快就发多快
inspector-every-zero = 尽可能快
inspector-times = 次
inspector-times-name = 发送次数
inspector-times-tip = 发送多少次；0 表示直到停止
inspector-times-zero = 直到停止
inspector-on-connect = 连接后立即发送
inspector-on-connect-tip = 一旦连接成功就开始发送
inspector-send = 发送
inspector-send-tip = 把字节交给内核：send() 或 sendto()。在编辑框中按 Ctrl+Enter（⌘+Enter）效果相同
inspector-send-stopped = 请先启动
inspector-send-alone = 没有打开的连接
inspector-send-empty = 没有可发送的内容
inspector-send-bad = 内容有错误
inspector-stop-sending = 停止发送
inspector-stop-sending-tip = 结束发送计划；已交给内核的字节仍会发出
inspector-progress = 已发送 { $done } / { $of }
inspector-progress-open = 已发送 { $done }，直到停止

inspector-measured = 当前测量
inspector-queue = accept 队列
inspector-of = { $n } / { $of }
inspector-open = 连接
inspector-peers = 对端
inspector-wakeups = 唤醒
inspector-calls = 调用
inspector-eagain = EAGAIN
inspector-unread = 尚未读取
inspector-source-measured = ● 测量值：{ $place }
inspector-source-derived = ○ 推算值：{ $place }

inspector-conn = 连接 { $number }
inspector-conn-leave = 返回端点
inspector-conn-leave-tip = 选中持有此连接的端点
inspector-conn-gone = 该连接早已结束，不再保留
inspector-conn-unread = { $bytes } 尚未读取
inspector-conn-unsent = { $bytes } 尚未取走

inspector-edit-model = 更改等待方式
inspector-edit-transport = 更改传输方式
inspector-edit-address = 更改地址
inspector-edit-service = 更改服务
inspector-edit-backlog = 更改 backlog
inspector-edit-target = 更改目标
inspector-edit-local = 更改本地地址
inspector-edit-timeout = 更改连接超时
inspector-edit-connections = 更改连接数
inspector-edit-reconnect = 更改自动重连
inspector-edit-packet = 更改发送内容

inspector-time-us = { $n } µs
inspector-time-ms = { $n } ms
inspector-time-s = { $n } 秒
inspector-time-min = { $m } 分 { $s } 秒
inspector-time-h = { $h } 小时 { $m } 分
