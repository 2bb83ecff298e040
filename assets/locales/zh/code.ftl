# 代码面板

code-title = 代码
code-whose-tip = 当前选中的服务器或客户端，这里是它的程序
code-nothing = 选中一个服务器或客户端，即可阅读它的 Python、C 或 Rust 程序
code-nothing-yet = 添加一个服务器，即可阅读它的 Python、C 或 Rust 程序
code-show = 显示 { $name }
code-show-tip = 选中它，不会启动任何东西
code-no-server = 这个客户端要连接的服务器不在实验中。请在检查器中重新选择服务器
code-python-tip = Python 3.9 或更高版本的程序，只用标准库
code-c-tip = 使用 POSIX 的 C11 程序；模型为 Linux 独有时，使用 Linux 自己的调用
code-rust-tip = Rust 2024 程序，使用标准库；标准库没有的调用使用 libc 或 tokio
code-calls = 调用
code-calls-tip = 它最近的 { $rows } 次调用，格式与 strace 相同
code-follow = 跟随
code-follow-tip = 最近一次调用对应的行改变时，滚动到那里；关闭后停在当前位置
code-copy = 复制
code-copy-tip = 把这里显示的全部内容复制为文本
code-copied = 已复制 { $file }
code-save = 保存为文件
code-save-tip = 询问位置，把这里显示的全部内容写入文件；不会运行
code-no-text = 没有可以复制或保存的文本
code-run = 运行
code-run-tip = 在保存该文件的目录中执行
code-mark = { $n ->
   *[other] { $what } · 第 { $lines } 行
}
code-mark-newest = 最近一次调用 { $call }
code-mark-inside = 正在 { $call } 中
code-mark-held = 停在 { $call } 之前
code-mark-none = 启动它之后，这里会标出最近一次调用对应的行
code-mark-elsewhere = 它最近的调用在这个程序中没有对应的行
code-calls-none = 还没有任何调用。启动它之后，每次调用都会在这里成为一行
code-calls-said = { $n ->
   *[other] 最近 { $figure } 次调用，按结束的先后排列
}
code-calls-held = { $n ->
   *[other] { $figure } 次调用，已停住；打开“跟随”即可继续显示最新的
}
code-no-form = “{ $name }”没有对应的程序
code-no-ring = { $language } 的标准库和 C 库都没有 io_uring；程序要用 liburing，或直接使用系统调用和共享内存
code-no-coroutines = C 没有协程：async 在 C 中就是围绕 epoll 或 poll 的循环，请阅读这两种模型的程序
code-no-kqueue = 这里的 kqueue 程序有 Python 和 C 两种；Rust 程序通过 mio 或 polling 使用它
code-no-chat = 聊天需要把消息发给所有成员，而每个连接一个进程时，各进程只有自己的连接，不共享内存
code-no-datagrams = { $transport } 套接字没有连接，“{ $model }”无从分配
code-not-fixed = 这里每条消息长度相同，而“{ $service }”的应答长度不一
code-no-means-stream = Rust 标准库无法在流套接字连接之前绑定地址（socket2 可以）
code-no-means-name = Rust 标准库无法一次调用就绑定到不是路径的名字
code-packet = 报文：{ $why }
code-framed-file = 成帧的文件只能从实验中发送
code-file-field = 含有引用文件的字段，发送时才读取
code-no-port = 服务器的端口在启动时才由系统选择。请先启动它，或为它指定端口
code-no-pair = socketpair 只能创建一对 Unix 套接字，而这里是 { $transport }
