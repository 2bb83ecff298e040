# 五种经典模型中一次读取的两个阶段

phases-title = 一次读取的两个阶段
phases-about = 谁在等待，在哪个调用中
phases-waiting = 1  等待数据
phases-copying = 2  复制数据
phases-has = 进程得到
phases-blocking = 阻塞
phases-blocking-tip = 一次调用完成两个阶段：睡眠到数据到达，再把数据复制给进程
phases-non-blocking = 非阻塞
phases-non-blocking-tip = 进程反复询问；每个 EAGAIN 都表示数据还没有到
phases-multiplexing = 多路复用
phases-multiplexing-tip = 进程在一次等待中为多个描述符睡眠，然后对每个就绪的描述符调用 recv
phases-signal-driven = 信号驱动
phases-signal-driven-tip = 进程继续运行；信号告知数据已到，然后它调用 recv
phases-asynchronous = 异步
phases-asynchronous-tip = 等待和复制都由内核完成；进程得到通知时，字节已在它的缓冲区中
phases-asleep = 睡眠于 { $call }
phases-pauses = 自行睡眠
phases-runs-on = 继续运行
phases-by-the-kernel = 由内核完成
phases-completion = 完成通知
phases-data = 数据
phases-held = 暂停
phases-held-many = { $n } 个暂停
phases-lanes = { $n } 个执行流
phases-said = { $name }：{ $server }，{ $waiting } 个等待数据，{ $copying } 个复制中，{ $has } 个执行自己的代码，{ $held } 个暂停
