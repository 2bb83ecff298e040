# 检查器中模型与服务的设置，以及生命周期

settings-model = { $model } 的设置
settings-service = { $service } 的设置
settings-changed = 已更改；默认值为 { $default }
settings-reset = 恢复默认值
settings-reset-tip = 把“{ $name }”恢复为 { $default }
settings-on = 开
settings-off = 关
settings-tip = { $about }（{ $id }）。下次启动时生效
settings-range = { $min } 至 { $max }{ $unit }
settings-too-long = 有 { $len } 个字符；最多 { $most } 个
settings-edit-model = 更改模型设置
settings-edit-service = 更改服务设置
setting-workers = 工作线程数
setting-pause_us = 每轮停顿
setting-read_once = 每个事件只读一次
setting-accept_once = 每个事件只接受一次
setting-read_bytes = 每次读取字节数
setting-threads = 线程数
setting-delimiter = 分隔符
setting-delay_ms = 延迟
setting-greeting = 问候语
setting-bytes = 字节数
setting-every_ms = 间隔
setting-max_item = 单项最大长度
setting-fail_on = 触发失败的内容

life-title = 生命周期
life-tip = 服务多少请求、等待多久、允许谁连接
life-requests = 请求数
life-requests-tip = 接受这么多个连接（数据报服务器：数据报）之后不再接受，处理完毕后停止；0 表示一直服务
life-requests-forever = 一直服务
life-poll = 轮询间隔
life-poll-tip = 一次就绪等待或 accept 最多持续多久循环就转一圈，单位毫秒；0 表示不限
life-poll-none = 不限
life-idle = 空闲超时
life-idle-tip = 连接上这么久没有数据往来就关闭，单位毫秒；0 表示从不
life-idle-never = 从不
life-allow = 允许
life-allow-tip = 只允许这些地址，如 127.0.0.1 或 10.0.0.0/8，以空格分隔；留空表示允许所有人
life-allow-hint = 所有人
life-deny = 拒绝
life-deny-tip = 始终拒绝这些地址，即使它们被允许；来自它们的连接被接受后立即关闭
life-deny-hint = 无
life-bad-range = “{ $text }”不是地址或网段。请写成 127.0.0.1 或 10.0.0.0/8
life-refused = { $n ->
   *[other] 启动以来拒绝了 { $n } 个对端
}
life-edit = 更改生命周期
