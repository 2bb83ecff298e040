# 打开即可操作的实验：命令名称，以及该按什么、看什么

preset-menu = 预设实验
preset-menu-tip = 打开一个准备好的实验；不会自动启动其中任何一项
preset-hide = 隐藏此提示
preset-hide-tip = 收起提示，直到打开另一个预设实验
preset-backlog-3 = 打开预设：收银很慢的商店
preset-backlog-3-tip = 每秒接受一个，10 个客户端，listen(3)
preset-backlog-3-hint = 按“全部启动”。一部分客户端立即连接；其余的虽然每秒都有空位，却要等到重传 SYN 时才能进入。
preset-backlog-nobody = 打开预设：没有人接受
preset-backlog-nobody-tip = 暂停接受；8 个客户端连接并发送，listen(5)
preset-backlog-nobody-hint = 按“全部启动”。六个客户端已连接并已发送，而 accept() 从未被调用。按“接受 1 个”取出其中一个。
preset-backlog-0 = 打开预设：backlog 为 0
preset-backlog-0-tip = listen(0)，每 2 秒接受一个，4 个客户端
preset-backlog-0-hint = 按“全部启动”。在 Linux 上 listen(0) 仍有一个位置：注意谁立即连接成功。
preset-backlog-burst = 打开预设：1,000 个同时到来
preset-backlog-burst-tip = 1,000 个连接同时发起，listen(128)，每秒接受 200 个
preset-backlog-burst-hint = 按“全部启动”。注意连接用时呈阶梯状：每一级是一次 SYN 重传，相隔约一秒。
preset-backlog-raise = 打开预设：运行中增大 backlog
preset-backlog-raise-tip = 暂停接受，listen(1)，8 个客户端
preset-backlog-raise-hint = 按“全部启动”，再按 listen backlog 旁的 +。新位置立刻就有，但要到下一次重传 SYN 才有客户端进入。
preset-backlog-reset = 打开预设：溢出并复位
preset-backlog-reset-tip = TCP_DEFER_ACCEPT，listen(2)，6 个客户端先连接后发送：看 tcp_abort_on_overflow 的作用
preset-backlog-reset-hint = 按“全部启动”，再按“客户端发送”。六个客户端都认为已连接，但发送之后只有三个位置。
preset-abort-off = 本机 net.ipv4.tcp_abort_on_overflow 为 0：最后的 ACK 被丢弃，其余的停在 SYN_RECV。设为 1 时它们得到 ECONNRESET。root 可设置：sysctl -w net.ipv4.tcp_abort_on_overflow=1
preset-abort-on = 本机 net.ipv4.tcp_abort_on_overflow 为 1：没有位置的客户端得到 ECONNRESET。设为 0 时它们停在 SYN_RECV。root 可设置：sysctl -w net.ipv4.tcp_abort_on_overflow=0
preset-abort-none = 本系统没有 tcp_abort_on_overflow（Linux 才有）。
