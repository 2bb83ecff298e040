# 用一句话说明当前运行的情形，以及依据

insight-lane-held = { $clients ->
   *[other] { $clients_words } 个客户端在等待 { $server }：它的线程 { $thread } 停在 { $call } 之前已 { $time }。
}
insight-second-waits = { $waiting ->
   *[other] { $waiting_words } 个客户端排在 { $served } 之后等待：{ $server } 唯一的线程单独为它服务已 { $time }，此刻在 { $call } 中。
}
insight-queue-full = { $server } 的已连接队列已满：{ $places_words } 个位置中有 { $waiting_words } 个被占，此刻来的客户端只能稍后重试。
insight-unmet = { $clients ->
   *[other] { $clients_words } 个客户端以为自己已连接，而 { $server } 从未见到它们：内核没有接受它们握手的最后一个 ACK。
}
insight-edge-unread = 来自 { $peer } 的 { $unread } 一直未读，而 { $server } 已在 { $call } 中睡眠 { $time }：边缘触发的 epoll 只通知一次。
insight-edge-unread-mistake = 来自 { $peer } 的 { $unread } 一直未读，而 { $server } 已在 { $call } 中睡眠 { $time }：{ $mistake } 已打开，每个事件只调用一次 recv。
insight-edge-accept = { $waiting ->
   *[other] { $waiting_words } 个客户端在已连接队列中等待，而 { $server } 已在 { $call } 中睡眠 { $time }：边缘触发的 epoll 只通知一次。
}
insight-edge-accept-mistake = { $waiting ->
   *[other] { $waiting_words } 个客户端在已连接队列中等待，而 { $server } 已在 { $call } 中睡眠 { $time }：{ $mistake } 已打开，每个事件只调用一次 accept。
}
insight-write-interest = { $server } 的 { $call } 每秒返回 { $wakeups_words } 次，只因 { $fd } 可写，却没有发送任何数据：对写事件的关注从未取消。
insight-descriptors = 本进程最多可用 { $limit_words } 个描述符，已用 { $used_words } 个（{ $percent_words } %），其中 { $held_words } 个属于 { $server }。
insight-cut-off = { $server } 断开了 { $peer }：其他成员发给它、等它读取的数据超过了 { $limit }。
insight-herd = { $server } 每来一个新连接，等待同一监听套接字的 { $lanes_words } 个线程中就有 { $each } 个被唤醒；只有一个得到连接，其余白白醒来。
insight-busy-polling = { $server } 每秒白白询问 { $eagain_words } 次（EAGAIN），它的线程占用 { $cores } 个处理器核。
insight-many-threads = { $server } 用 { $threads_words } 个线程服务 { $open_words } 个连接，每个连接一个线程；可见的 { $shown_words } 个线程中有 { $asleep_words } 个睡眠于接收调用。

insight-why = 依据
insight-why-tip = { $figures }

    { $certainty }：{ $source }
insight-figure = { $name }：{ $value }
insight-source-lane-held = 闸门的状态，以及逐个统计的连接
insight-source-second-waits = { $place }
insight-source-queue-full = { $place }
insight-source-unmet = 已完成的 connect − accept − 已连接队列中的客户端
insight-source-edge-unread = { $place }
insight-source-edge-accept = { $place }
insight-source-write-interest = 等待的返回内容、返回次数以及发送次数
insight-source-descriptors = 所有服务器和客户端的套接字；上限为 RLIMIT_NOFILE
insight-source-cut-off = 服务器为该成员保留的队列中的字节
insight-source-herd = （主动上下文切换 − 其他调用中的睡眠）÷ accept 次数
insight-source-busy-polling = 最近一秒返回 EAGAIN 的调用，以及线程的处理器时间
insight-source-many-threads = 逐个统计的线程和连接，以及可见线程所在的调用
insight-figure-clients = 等待的客户端
insight-figure-thread = 线程
insight-figure-call = 调用
insight-figure-time = 已持续
insight-figure-waiting = 已连接队列中
insight-figure-places = 已连接队列的位置
insight-figure-served = 正在服务
insight-figure-unread = 未读
insight-figure-peer = 来自
insight-figure-wakeups = 每秒唤醒
insight-figure-fd = 描述符
insight-figure-used = 已用
insight-figure-limit = 上限
insight-figure-percent = 百分比
insight-figure-held = 该服务器占用
insight-figure-lanes = 等待监听套接字的线程
insight-figure-each = 每次 accept 唤醒
insight-figure-accepts = accept 次数
insight-figure-switches = 主动上下文切换
insight-figure-eagain = 每秒 EAGAIN
insight-figure-cores = 处理器核
insight-figure-threads = 线程
insight-figure-open = 连接
insight-figure-shown = 可见的线程
insight-figure-asleep = 睡眠于接收调用
