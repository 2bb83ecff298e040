# 字节如何变成消息并通过套接字

messages-title = 消息与套接字
messages-tip = 字节流如何切分、自动应答什么、字节如何通过套接字。运行中的端点立即采用更改
messages-edit = 更改消息与套接字
messages-edit-framing = 更改成帧
messages-edit-rules = 更改自动应答
messages-edit-cast = 更改广播和多播

messages-framing = 成帧
messages-framing-tip = 收到的字节流如何切成消息，自己的消息如何标记
messages-framing-raw-tip = 一次 recv() 返回多少就是多少
messages-framing-fixed-tip = 每条消息大小相同
messages-framing-delimiter-tip = 每条消息以特定字节结尾
messages-framing-length-tip = 每条消息之前是它的长度
messages-framing-until-close-tip = 只有一条消息：对端结束其一侧之前的全部内容
messages-size = 大小
messages-size-tip = 每条消息的字节数
messages-delimiter = 分隔符
messages-delimiter-tip = 可含 \n \r \t \0 \xHH \\ 的文本；不属于消息
messages-delimiter-size = 分隔符为 1 至 { $most } 字节
messages-length = 长度
messages-length-tip = 长度本身占几个字节
messages-length-bytes = { $count ->
   *[other] { $count } 字节
}
messages-order = 长度的字节序
messages-order-tip = 大端即网络字节序
messages-itself = 长度计入自身
messages-itself-tip = 长度是否包括它自己的字节
messages-most = 最多
messages-most-tip = 更长的消息会使连接以错误结束；最多缓存这么多
messages-counts = 收到 { $received }，发出 { $sent }，规则应答 { $answered }
messages-broken = { $count ->
   *[other] { $count } 个连接违反了成帧
}

messages-answers = 自动应答
messages-answers-tip = 第一条匹配消息的规则作出应答；否则询问服务
messages-answers-none = 没有规则：由服务应答
messages-rule-add = 添加规则
messages-rule-add-tip = 在其他规则之后添加一条
messages-rule-on = 规则 { $n }
messages-rule-on-tip = 是否使用该规则
messages-rule-when = 规则 { $n } 针对
messages-rule-text = 规则 { $n } 查找
messages-rule-answer = 应答
messages-rule-reply = 规则 { $n } 的应答
messages-rule-up = 上移规则 { $n }
messages-rule-up-tip = 更早询问
messages-rule-down = 下移规则 { $n }
messages-rule-down-tip = 更晚询问
messages-rule-remove = 删除规则 { $n }
messages-rule-remove-tip = 去掉该规则；可以撤销

messages-wire = 通过套接字
messages-wire-tip = 一次 recv() 取多少，发送如何离开
messages-recv = 一次 recv
messages-recv-tip = 一次 recv() 最多返回的字节数，从 1 起
messages-recv-zero = 通常的 64 KiB
messages-nagle = Nagle 算法
messages-nagle-tip = 关闭 TCP_NODELAY：有未确认的报文段时，小报文段等待（RFC 896）
messages-cork = 只发满报文段
messages-cork-tip = TCP_CORK（Linux）或 TCP_NOPUSH：不足一个报文段的内容等待，至多 200 ms
messages-piece = 分片发送
messages-piece-tip = 一次发送分成每片这么多字节
messages-piece-zero = 一次全部发出
messages-piece-pause = 片间间隔
messages-piece-pause-tip = 两片之间的停顿，单位毫秒

messages-cast = 广播和多播
messages-cast-tip = 数据报套接字的选项
messages-broadcast = 允许广播
messages-broadcast-tip = SO_BROADCAST：未设置时向广播地址发送会以 EACCES 失败
messages-groups = 多播组
messages-groups-tip = 加入的多播组，如 239.1.2.3 或 ff02::114%lo；% 之后是接口
messages-group-wrong = “{ $text }”不是多播组：应为 224.0.0.0/4 或 ff00::/8，% 之后是接口
messages-groups-many = 最多 { $most } 个组
messages-joined = 已加入 { $group }
messages-interface = 接口
messages-interface-tip = 多播从哪个接口发出：接口的地址（IPv4）或名称；留空由系统选择
messages-interface-wrong = 接口名不含控制字符
messages-ttl = 跳数
messages-ttl-set = 设定
messages-ttl-tip = IP_MULTICAST_TTL：多播最多经过几跳；0 表示不离开本机
messages-loopback = 回环
messages-loopback-tip = IP_MULTICAST_LOOP：多播是否回到本机
messages-system = 由系统决定
messages-on = 开
messages-off = 关
