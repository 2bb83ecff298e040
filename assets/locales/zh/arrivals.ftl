# 同一时间轴上的队列与客户端

arrivals-title = 队列与客户端
arrivals-about = 共用一个时间轴
arrivals-no-server = 添加一个监听的服务器；它的队列和客户端会显示在同一个时间轴上
arrivals-stopped = { $name } 未运行。启动它和客户端后，队列和每次 connect 会显示在同一个时间轴上
arrivals-datagrams = { $name } 接收数据报：没有连接，因此 accept() 之前没有队列
arrivals-nobody = 还没有客户端。启动一个客户端，或在“控制”中按“客户端”
arrivals-queue = 队列
arrivals-length = 长度
arrivals-client = 客户端
arrivals-outside = 外部
arrivals-now = 现在 { $time } 秒
arrivals-mark = { $n } 秒
arrivals-limit = 上限 { $places } = listen({ $n }) + 1
arrivals-limit-far = 上限 { $places } = listen({ $n }) + 1，远高于此
arrivals-limit-other = listen({ $n }) 的上限为 { $places }
arrivals-limit-untold = listen({ $n })：本系统不告知上限
arrivals-took = connect 用时
arrivals-chart = 队列随时间变化：现在 { $n } / { $places }，{ $limit }
arrivals-at = { $time } 秒时：已占用 { $n } / { $places } 个位置
    半连接 { $half }，已接受 { $accepted }，丢弃 { $drops }
    { $source }
arrivals-dropped = SYN 被丢弃（{ $n }）
arrivals-dropped-tip = SYN 到达时队列已满：内核将其丢弃，客户端的内核会自行重传
arrivals-again = 没有位置（{ $n }）
arrivals-again-tip = connect() 发现 Unix 套接字的队列已满，得到 EAGAIN，随后再次调用
arrivals-queued = 在队列中
arrivals-queued-tip = 从连接完成到被接受；虚线框：半连接，客户端认为已连接，而内核仍在等待；点线：内核没有保留它的任何状态
arrivals-served = 已接受、服务中
arrivals-served-tip = 从 accept() 到连接结束
arrivals-to-come = 将到来
arrivals-to-come-tip = 下一次重传 SYN 的时刻，由内核的定时器给出
arrivals-stretch = 显示的时间
arrivals-stretch-tip = 显示多长的运行过程；当前：{ $now }
arrivals-stretch-auto = 整个过程，之后为最近一分钟
arrivals-stretch-last = 最近 { $n } 秒
arrivals-stretch-minutes = 最近 { $n } 分钟
arrivals-stretch-whole = 整个过程
arrivals-says = { $who }：{ $says }
arrivals-then = ；
arrivals-says-dropped = { $n ->
   *[other] { $n } 个 SYN 被丢弃，时刻 { $at } 秒
    }
arrivals-says-again = { $n ->
   *[other] connect() { $n } 次没有位置，时刻 { $at } 秒
    }
arrivals-says-connected = connect 用时 { $time }
arrivals-says-half-open = 认为自己已连接，服务器的内核尚未完成握手
arrivals-says-forgotten = 认为自己已连接，但服务器的内核没有保留任何状态：它的最后一个 ACK 被丢弃
arrivals-says-waits = 已在队列中 { $time }
arrivals-says-waited = 在队列中停留了 { $time }
arrivals-says-serves = 已服务 { $time }
arrivals-says-served = 服务了 { $time }
arrivals-says-lost = { $time }后未能进入
arrivals-says-next = { $time }后重传 SYN
arrivals-says-calls = connect 已等待 { $time }，尚未返回
