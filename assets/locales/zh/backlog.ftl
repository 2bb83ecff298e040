# backlog 剧场
backlog-title = Backlog 剧场
backlog-comma = ，
backlog-between = {""}
backlog-seconds = { $n } 秒
backlog-unknown = 未知数目
backlog-which = 服务器
backlog-which-tip = 显示哪个服务器的队列；会在各处选中它
backlog-about-tip = 该服务器的名称、当前地址、I/O 模型和服务
backlog-opening-by-hand = 客户端由人逐个连接
backlog-opening-burst = { $n ->
    [1] 1 个客户端
   *[other] { $count } 个客户端，同时连接
    }
backlog-opening-every = { $n ->
    [1] 1 个客户端
   *[other] { $count } 个客户端，间隔 { $ms } 毫秒
    }

# 大标题
backlog-now-full = 队列已满，内核丢弃之后的每一个 SYN。
backlog-now-refuses = 队列已满，系统拒绝之后的每一个客户端。
backlog-now-taken = { $places } 个位置全部占用：listen({ $n }) 可容纳 n + 1 个。
backlog-now-unix-full = { $places } 个位置全部占用：阻塞的 connect 会等待，非阻塞的得到 EAGAIN。
backlog-now-paused = 已暂停接受：客户端照样连接成功，由内核代替服务器应答。
backlog-now-paused-nobody = 已暂停接受，还没有客户端在等待。
backlog-now-free = 已有空位，但被丢弃的客户端要等到下一次重传 SYN 才能进入。
backlog-now-half-open = 握手只完成了一半：客户端认为已连接，内核还在等待。
backlog-now-paced = 服务器每 { $ms } 毫秒接受一个客户端。
backlog-now-busy = { $n ->
   *[other] { $count } 个客户端已连接，正等待服务器调用 accept()。
    }
backlog-now-nobody = 没有客户端在等待。

# 标题下的说明
backlog-makes = { $places ->
   *[other] listen({ $n }) 提供 { $count } 个位置。
    }
backlog-makes-clamped = listen({ $asked }) 被 { $by } 限制为 { $n }，提供 { $places } 个位置。
backlog-makes-untold = 已调用 listen({ $n })；本系统不告知实际有多少个位置。
backlog-believe = { $n ->
   *[other] { $who }认为自己已连接，而服务器还没有见到。
    }
backlog-believe-outside = { $n ->
   *[other] { $n } 个本实验之外的程序在队列中等待。
    }
backlog-retry-themselves = { $n ->
   *[other] { $who }自行重试。
    }
backlog-block-in-connect = { $n ->
   *[other] { $who }在 connect() 中睡眠。
    }
backlog-gave-up = { $n ->
   *[other] { $count } 个客户端未能进入。
    }
backlog-client = { $n } 号客户端
backlog-clients = { $a } 至 { $b } 号客户端
backlog-clients-two = { $a } 和 { $b } 号客户端
backlog-clients-many = { $count } 个客户端
backlog-outsider = 本实验之外的程序

# 外部
backlog-outside-title = 外部：SYN_SENT
backlog-outside-title-unix = 外部：在 connect() 中
backlog-outside-nobody = 没有客户端在连接
backlog-outside-count = { $n ->
   *[other] { $count } 个客户端，尚无应答
    }
backlog-outside-unix = { $n ->
   *[other] { $count } 个客户端，尚无空位
    }
backlog-outside-to-come = { $says }，还有 { $n } 个未到
backlog-retry = { $time }后重试
backlog-calls = 已等待 { $time }
backlog-blocks = 已等待 { $time }
backlog-sent = { $n ->
   *[other] SYN 已发送 { $n } 次
    }
backlog-no-place = 在 connect() 中睡眠
backlog-asked = { $n ->
   *[other] EAGAIN { $n } 次
    }
backlog-refused = 被拒绝
backlog-timed-out = 超时
backlog-broken = 中断
backlog-errno-after = { $time }后 { $errno }
backlog-errno-at-once = 立即 { $errno }
backlog-left-after = { $time }后关闭
backlog-more = 另有 { $n } 个
backlog-more-next = 另有 { $n } 个，最早 { $time }后重试
backlog-more-lost = 另有 { $n } 个未能进入

# 内核
backlog-kernel-title = 内核：已连接队列
backlog-taken = 已占用 { $n } / { $places } 个位置
backlog-taken-untold = { $n } 个等待中，上限未知
backlog-free = 空闲
backlog-waiting = 等待中
backlog-stranger = 外部
backlog-last-in = 最后进入
backlog-next-out = 下一个取出
backlog-behind = 其后 { $places } 个位置中已占用 { $n } 个
backlog-syn-queue = SYN 队列
backlog-bytes-short = { $bytes } 在此等待 recv()
backlog-no-syn-queue = 没有 SYN 队列：connect() 直接进入
backlog-half-open = { $n } 个半连接
backlog-half-open-of = { $n } / { $places } 个半连接
backlog-half-open-untold = 半连接：本系统未提供
backlog-forgotten = 另有 { $count } 个客户端认为自己已连接：它们的最后一个 ACK 被丢弃，内核没有保留任何状态
backlog-forgotten-short = 另有 { $count } 个：ACK 被丢弃，内核未保留
backlog-claim = 客户端一侧已是 ESTABLISHED，可以发送数据
backlog-claim-short = 客户端已是 ESTABLISHED
backlog-claim-unix = 站在这里的客户端已连接，可以写入
backlog-claim-nobody = 无论谁来，都在 accept() 之前就已连接
backlog-claim-nobody-short = accept() 之前就已连接
backlog-bytes-inside = { $n ->
   *[other] { $count } 个客户端的 { $bytes } 在此等待第一次 recv()
    }

# 服务器
backlog-server-title = 服务器：accept()
backlog-pace-eager = 尽快接受
backlog-pace-every = 每 { $ms } 毫秒一个
backlog-pace-paused = 已暂停
backlog-next-accept = 距下次 accept
backlog-gate = accept()
backlog-at-once = 已就绪
backlog-held = 已暂停
backlog-accepts = 接受速率
backlog-serves-nobody = 没有正在服务的客户端
backlog-serves-nobody-short = 服务中 0
backlog-serves = { $n ->
    [1] 正在服务
   *[other] 正在服务 { $count } 个
    }
backlog-plus = +{ $n }
backlog-done-nobody = 还没有服务过客户端
backlog-done = 已服务并关闭
backlog-done-count = 已服务 { $n } 个
backlog-done-short = 已服务 { $n } 个

# 读屏与提示
backlog-server = { $name }：点击以选中该服务器
backlog-place = 第 { $n } 个位置，共 { $places } 个：{ $says }
backlog-says-free = 空闲
backlog-says-stranger = 本实验之外的一个程序在等待
backlog-says-retries = { $n ->
    [1] { $who }已发送一次 SYN；内核将在 { $time }后重传
   *[other] { $who }没有得到应答：SYN 已发送 { $n } 次，{ $time }后再次发送
    }
backlog-says-calls = { $n ->
    [1] { $who }已发送 SYN，等待应答已 { $time }
   *[other] { $who }已发送 { $n } 次 SYN，等待应答已 { $time }
    }
backlog-says-blocks = { $who }在 connect() 中已睡眠 { $time }，等待空位
backlog-says-asks = { $who }没有空位：connect() 在 { $time }内返回了 { $n } 次 EAGAIN，它会再次尝试
backlog-says-half-open = { $who }认为自己已连接，已有 { $time }；服务器一侧的内核尚未完成握手
backlog-says-forgotten = { $who }认为自己已连接，已有 { $time }；它的最后一个 ACK 被丢弃，服务器的内核没有保留任何状态
backlog-says-queued = { $who }认为自己已连接；已 { $time }无人接受
backlog-says-inside = { $who }认为自己已连接；已 { $time }无人接受，它发送的 { $bytes } 在内核中等待
backlog-says-served = { $who }已被接受，正在得到服务
backlog-says-served-by = { $who }正在得到服务：accept() 返回 { $fd }
backlog-says-done = { $who }已得到服务，连接已关闭
backlog-says-refused = { $who }被拒绝：{ $why }
backlog-says-timed-out = { $n ->
    [1] { $who }已放弃：SYN 始终没有应答，{ $why }
   *[other] { $who }已放弃：SYN 发送了 { $n } 次，始终没有应答，{ $why }
    }
backlog-says-broken = { $who }在被接受之前就已离开：{ $why }
backlog-hint = 点击以选中该连接
backlog-hint-queued = 顺序为推算：按各 connect 返回的时刻。点击以选中该连接
backlog-hint-inside = 字节数{ $source }。顺序为推算：按各 connect 返回的时刻。点击以选中该连接
backlog-hint-measured = 实测：内核中该套接字的定时器（inet_diag）。点击以选中该连接
backlog-hint-derived = 推算：connect 尚未返回。点击以选中该连接
backlog-figure = { $words }，{ $source }
backlog-measured = 实测：{ $source }
backlog-derived = 推算：{ $source }
backlog-tip-outside = connect() 尚未返回的客户端。SYN 被丢弃后由内核自行重传，间隔逐渐变长
backlog-tip-queue = 内核已完成连接、尚未被 accept() 取走。在 Linux 上 listen(n) 可容纳 n + 1 个
backlog-tip-both = 由两端推算（已完成的 connect − accept）：{ $n }
backlog-tip-limit = 请求 listen({ $asked })，实际为 { $n }；本系统最多允许 { $most }（{ $by }）
backlog-tip-asked = 请求 listen({ $asked })
backlog-tip-order = accept() 先取最早到来的；新客户端排到左端。顺序为推算：按客户端 connect 返回的时刻
backlog-tip-syn = 半连接（SYN_RECV）：已应答 SYN，尚未接受客户端的 ACK。该队列也以同一数目为上限
backlog-tip-claim = 客户端的 connect() 已经返回：没有任何迹象告诉它 accept() 尚未调用
backlog-tip-pace = 服务器何时调用 accept()；可在“控制”中设置
backlog-tip-gate = accept() 之前的闸门在此时打开；队列照常进行
backlog-tip-done = 已被接受且连接已关闭的客户端，最近的在右边
backlog-tip-rest = 排在前几个之后的位置，从右边开始占用

# 空状态
backlog-empty-lab = 这里展示客户端如何在 accept() 之前等待。先添加一个监听的服务器
backlog-empty-add = 添加 TCP 服务器
backlog-empty-add-tip = 在实验中添加一个 TCP 回显服务器；启动时依次调用 socket、bind 和 listen
backlog-empty-datagram = { $name } 接收数据报：没有连接，也就没有 accept() 之前的队列。请选择 TCP 或 Unix 流服务器
backlog-empty-show = 显示 { $name }
backlog-empty-show-tip = 选中 { $name }，它会监听
backlog-empty-stopped = { $name } 未运行，内核没有它的队列。启动时会调用 listen({ $n })
backlog-empty-failed = { $name } 未能监听：{ $why }
backlog-empty-starting = { $name } 正在启动
backlog-empty-stopping = { $name } 正在停止；内核会重置仍在等待的连接
backlog-empty-start = 启动 { $name }
backlog-empty-start-tip = 为 { $name } 调用 socket、bind 和 listen
backlog-nobody-lab = 本实验中没有连接到这里的客户端。添加一个并启动它
backlog-nobody-add = 添加客户端
backlog-nobody-add-tip = 在实验中为 { $name } 添加一个客户端；启动时调用 connect
backlog-nobody-started = 队列已开放，还没有客户端到来。启动一个客户端
backlog-nobody-start = 启动 { $name }
backlog-nobody-start-tip = 启动 { $name }：它的每个连接都会调用 connect
backlog-nobody-start-all = 启动客户端
backlog-nobody-start-all-tip = 启动 { $name } 和该服务器的其他客户端：它们的每个连接都会调用 connect
backlog-nobody-opened = 队列已开放。请手动打开一个连接
backlog-nobody-open = 连接一个客户端
backlog-nobody-open-tip = 为 { $name } 再打开一个连接：调用 connect
