# 连接表

connections-title = 连接
connections-empty = 启动一个服务器和一个客户端：每个连接都会在这里成为一行
connections-none-match = 没有符合筛选条件的连接
connections-filter = 筛选连接
connections-filter-hint = 筛选
connections-filter-tip = 名称或地址中的词；前面加 - 表示排除
connections-ended = 已结束
connections-ended-tip = 同时列出不久前结束的连接
connections-ended-show = 显示已结束的连接
connections-menu = 更多
connections-menu-tip = 关闭、半关闭或重置所选连接；显示已结束的连接
connections-pick-first = 请先选择行：单击选一行，按住 Shift 选一段，按住 Ctrl 增选
connections-close = 关闭
connections-close-tip = { $count ->
   *[other] 关闭 { $count } 个连接：close()，已交给内核的字节发完后发送 FIN
}
connections-half-close = 半关闭
connections-half-close-tip = { $count ->
   *[other] 结束 { $count } 个连接的本端：shutdown(SHUT_WR)，发送 FIN，仍可接收
}
connections-reset = 重置
connections-reset-tip = { $count ->
   *[other] 重置 { $count } 个连接：SO_LINGER 0 加 close()，发送 RST
}
connections-closing = 正在关闭所选连接（{ $count }）
connections-row-tip = 右键：关闭、半关闭、重置
connections-select-endpoint = 选中所属端点
connections-select-endpoint-tip = 在检查器中显示该服务器或客户端
connections-other-end = 选中另一端
connections-other-end-tip = 显示从另一端看到的同一个连接
connections-copy-peer = 复制对端地址
connections-copy-peer-tip = 复制另一端的地址
connections-state-connecting = 正在连接
connections-state-waiting = 尚未得到服务
connections-state-open = 已建立
connections-state-peer-ended = 对端已发送 FIN
connections-state-local-ended = 本端已发送 FIN
connections-state-closed = 已关闭
connections-col-number = #
connections-col-number-tip = 在会话中的编号，即舞台上的标记
connections-col-session = 会话
connections-col-session-tip = 持有这一端的服务器（方形）或客户端（圆形）
connections-col-peer = 对端
connections-col-peer-tip = 另一端：若属于本实验则显示名称，后接地址
connections-col-local = 本端
connections-col-local-tip = 这一端的地址
connections-col-fd = fd
connections-col-fd-tip = 文件描述符
connections-col-state = 状态
connections-col-state-tip = 连接所处的阶段；已结束的显示原因
connections-col-age = 时长
connections-col-age-tip = 连接已持续（或曾持续）的时间
connections-col-rx = ▼ 字节
connections-col-rx-tip = 接收的字节数
connections-col-tx = ▲ 字节
connections-col-tx-tip = 发送的字节数
connections-col-rx-rate = ▼ 速率
connections-col-rx-rate-tip = 最近约一秒内每秒接收的字节数
connections-col-tx-rate = ▲ 速率
connections-col-tx-rate-tip = 最近约一秒内每秒发送的字节数
connections-col-unread = 未读
connections-col-unread-tip = 已到达但程序尚未读取的字节数；仅在内核能告知时显示（每个会话只询问前 64 个连接）
connections-col-unsent = 未发完
connections-col-unsent-tip = 内核已接收但对端尚未确认或取走的字节数；仅在内核能告知时显示
address-unnamed = （未命名）
