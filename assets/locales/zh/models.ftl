# 大号模型切换

models-title = 模型
models-server = 服务器
models-server-tip = 要切换模型的服务器；会在各处选中它
models-nothing = 添加一个服务器，然后选择它如何等待
model-thread-pool = 固定数量的线程为各个连接服务；全部被占用时，下一个客户端排队等待。
model-processes = 一个进程在 accept 中等待，并把每个连接交给一个子进程，各自在自己的 recv 中等待。
model-busy-poll = 一个线程不停地轮流询问每个套接字，从不睡眠；EAGAIN 表示还没有数据，一个核始终忙碌。
model-select = 一个线程带着全部套接字的三个位集合在 select 中睡眠；每次被唤醒后逐位检查到最大的描述符。
model-epoll-et = 一个线程在 epoll_wait 中睡眠；每次有数据到达内核只通知一次，所以循环必须读到 EAGAIN。
model-sigio = 套接字有数据时内核发送信号；线程等待信号，再读取信号所指的套接字。
model-io-uring = 线程通过环形队列把操作交给内核，并睡眠到操作完成；等待和复制都由内核完成。
model-async = 每个连接是一个任务，写法如同阻塞读取；运行时在一次就绪等待中为所有任务睡眠。
model-epoll-lt-missing = epoll 仅存在于 Linux
model-epoll-et-missing = epoll 仅存在于 Linux
model-kqueue-missing = kqueue 存在于 macOS 和各 BSD 系统
model-sigio-missing = 能指明套接字的信号仅存在于 Linux
model-processes-no-datagrams = 数据报没有可以交给进程的连接
model-thread-pool-no-datagrams = 线程池把连接分给工作线程，而数据报没有连接。若多个工作线程在同一套接字上 recvfrom，同一对端的数据报会被乱序应答
