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

composer-page-struct = 结构体
composer-page-struct-tip = 按名称、类型和字节序排列的字段及其字节
composer-page-library = 报文库
composer-page-library-tip = 随实验保存的报文，以及自己的报文

composer-up = 上移字段 { $n }
composer-up-tip = 将字段上移一位
composer-down = 下移字段 { $n }
composer-down-tip = 将字段下移一位
composer-remove = 删除字段 { $n }
composer-remove-tip = 去掉该字段
composer-be = 大端
composer-le = 小端
composer-struct-empty = 添加一个字段即可看到它的字节
composer-struct-add = 添加字段
composer-struct-add-tip = 在其他字段之后添加一个
composer-struct-new = field{ $n }
composer-struct-read = 从报文读取
composer-struct-read-tip = 从字节视图的光标处起，用报文内容填写各字段的值
composer-struct-was-read = { $count ->
   *[other] 从第 { $at } 字节起读取了 { $count } 个字段
}
composer-struct-wrong = 每个值都符合其类型时，这里显示字节
composer-struct-bad = { $name }：{ $why }
composer-struct-as-set = 按设定
composer-struct-as-set-hex-tip = 每个字段按各自的字节序
composer-big-hex-tip = 所有字段都先放最高有效字节：网络字节序
composer-little-hex-tip = 所有字段都先放最低有效字节
composer-struct-insert = 插入到报文
composer-struct-insert-tip = 把字节以十六进制放到报文光标处
composer-struct-use = 用作报文
composer-struct-use-tip = 报文变为这些字节（十六进制）
composer-struct-name = 字段 { $n } 的名称
composer-struct-name-tip = 字段叫什么；不属于字节
composer-struct-type = 字段 { $n } 的类型
composer-struct-type-tip = 无符号（u）或有符号（i）整数、浮点数（f）、定长的字节或文本
composer-struct-size = 字段 { $n } 的大小
composer-struct-size-tip = 有多少字节；较短的文本用零补足
composer-struct-order = 字段 { $n } 的字节序
composer-struct-order-tip = 大端：先放最高有效字节。小端：先放最低有效字节
composer-struct-value = 字段 { $n } 的值
composer-struct-value-tip = 十进制，或以 0x 开头的十六进制；字节写成对的十六进制数字，文本写字符和转义
composer-struct-at-tip = 字段从第几个字节开始

composer-shelf-lab = 本实验中（{ $count }）
composer-shelf-lab-tip = 随实验文件保存
composer-shelf-own = 我的报文（{ $count }）
composer-shelf-own-tip = 随窗口设置保存，所有实验可用
composer-shelf-empty = 这里还没有报文
composer-shelf-none = 没有找到
composer-keep-name = 名称
composer-keep-name-tip = 保存时用的名称；不填则用端点的名称
composer-keep-folder = 文件夹
composer-keep-folder-tip = 从最外层写起，用 / 分隔
composer-keep-lab = 存入实验
composer-keep-lab-tip = 把当前报文随实验保存
composer-keep-own = 存为我的
composer-keep-own-tip = 把当前报文保存下来，供所有实验使用
composer-search = 搜索报文
composer-search-tip = 在名称、文件夹和内容中查找
composer-import = 导入
composer-import-tip = 把文件中的报文加入我的报文：此处导出的文件、任何实验文件，或 Packet Sender 导出的 JSON 和 packets.ini
composer-import-title = 导入报文
composer-imported = { $count ->
   *[other] 已从 { $path } 导入 { $count } 个报文
}
composer-export = 导出
composer-export-tip = 把我的报文写入文件
composer-undo-remove = 恢复
composer-undo-remove-tip = 恢复刚从我的报文中删除的报文
composer-load = 载入
composer-load-tip = 载入 { $name }
composer-packet-remove = 删除 { $name }
composer-packet-remove-tip = 从列表中去掉；可以恢复
composer-packet-rename = 重命名 { $name }
composer-packet-rename-tip = 改名称或文件夹
composer-to-own = 复制 { $name } 到我的报文
composer-to-own-tip = 保存一份，供所有实验使用
composer-to-lab = 复制 { $name } 到实验
composer-to-lab-tip = 随实验保存一份
composer-new-name = 新名称
composer-new-folder = 新文件夹
composer-rename-done = 重命名
composer-rename-done-tip = 采用此名称和文件夹
composer-name-taken = 该文件夹中已有同名报文，或名称为空
composer-edit-keep = 保存报文
composer-edit-remove = 删除报文
composer-edit-rename = 重命名报文

composer-measured = 平均 { $mean } ms（{ $least } 至 { $most }），要求 { $asked } ms
composer-measured-tip = 相邻两次发送的间隔，共测量 { $count } 个
composer-to-address = 任意地址
composer-address = 发送到的地址
composer-address-tip = 主机和端口：也可以是广播地址或多播组
composer-address-hint = 127.0.0.1:7788
composer-address-empty = 请填写地址
composer-broadcast-off = SO_BROADCAST 未设置：向广播地址发送会以 EACCES 失败
composer-broadcast-set = 设置 SO_BROADCAST
composer-broadcast-set-tip = 立即对该端点的套接字调用 setsockopt(SO_BROADCAST)
composer-edit-broadcast = 更改广播

composer-page-sequences = 序列
composer-page-sequences-tip = 依次发送的报文，可含停顿和等待应答
composer-match-any = 任何消息
composer-match-exact = 完全相同
composer-match-prefix = 开头是
composer-match-contains = 包含
composer-match-regex = 正则表达式
composer-match-length = 长度
composer-match-tip = 匹配哪些消息
composer-match-text-tip = 可含 \n \r \t \0 \xHH \\ 的文本
composer-match-regex-tip = 针对字节的正则表达式；非 UTF-8 字节用 (?-u)
composer-match-regex-wrong = 不是正则表达式：{ $said }
composer-match-length-tip = 消息的字节数
composer-match-from = 从
composer-match-to = 到
composer-format-of = { $name } 的格式
composer-format-tip = 用什么方式书写
composer-sequence-none = 添加一个序列：依次排列报文、停顿和等待应答
composer-sequence-add = 添加序列
composer-sequence-add-tip = 一个空序列，随实验保存
composer-sequence-new = 序列
composer-sequence-show-tip = 显示此序列
composer-sequence-name = 序列名称
composer-sequence-name-tip = 在实验中唯一
composer-sequence-taken = 已有同名序列，或名称为空
composer-sequence-times = 轮数
composer-sequence-times-tip = 所有步骤做多少遍；0 表示直到停止
composer-sequence-remove = 删除序列
composer-sequence-remove-tip = 从实验中去掉；可以撤销
composer-sequence-empty = 它没有步骤
composer-run = 运行
composer-run-tip = 在选中的端点上从第一步起依次执行
composer-pause = 暂停
composer-pause-tip = 停在下一步之前
composer-go-on = 继续
composer-go-on-tip = 执行下一步
composer-stop = 停止序列
composer-stop-tip = 结束序列；已交给内核的字节仍会发出
composer-step-send = 发送
composer-step-wait = 等待
composer-step-reply = 应答
composer-step-packet = 第 { $n } 步的报文
composer-step-ms = 第 { $n } 步的停顿
composer-step-ms-tip = 单位毫秒
composer-step-match = 第 { $n } 步的应答
composer-step-within = 第 { $n } 步的时限
composer-step-within-tip = 单位毫秒；在此时间内没有应答则序列失败
composer-step-up = 上移第 { $n } 步
composer-step-up-tip = 将该步骤上移一位
composer-step-down = 下移第 { $n } 步
composer-step-down-tip = 将该步骤下移一位
composer-step-remove = 删除第 { $n } 步
composer-step-remove-tip = 去掉该步骤；可以撤销
composer-step-add-send = 发送
composer-step-add-send-tip = 添加一步：发送当前报文
composer-step-add-wait = 等待
composer-step-add-wait-tip = 添加一次停顿
composer-step-add-reply = 等待应答
composer-step-add-reply-tip = 添加一步：等待匹配的消息
composer-state-running = { $name }：{ $place }
composer-state-waiting = { $name }：{ $place }，正在等待应答
composer-state-paused = { $name }：{ $place }，已暂停
composer-state-done = { $name }：已完成
composer-state-stopped = { $name }：已停止
composer-state-failed = { $name } 在第 { $step } 步失败：{ $why }
composer-state-place = 第 { $step } / { $steps } 步，第 { $round } / { $of } 轮
composer-state-place-open = 第 { $step } / { $steps } 步，第 { $round } 轮
composer-edit-sequence = 更改序列
composer-edit-sequence-add = 添加序列
composer-edit-sequence-remove = 删除序列
composer-import-http = { $count ->
   *[other] 略去 { $count } 个 HTTP 请求
}
composer-import-encrypted = { $count ->
   *[other] { $count } 个原本经 TLS 发送：只导入了字节，不含加密
}
composer-import-and = {"；"}
composer-import-full = 文件中有 { $count } 个报文，放不下：我的报文最多 { $most } 个
