# 调用记录

calls-title = 调用记录
calls-empty = 启动一个服务器：它的线程所做的每次调用都会在这里成为一行
calls-start = 全部启动
calls-start-tip = 启动实验中的所有服务器和客户端
calls-none-match = 没有符合筛选条件的调用
calls-clear-filter = 清除筛选
calls-clear-filter-tip = 重新显示所有调用
calls-filter = 筛选调用
calls-filter-hint = call:recv errno:EAGAIN
calls-filter-tip = 调用或名称中的词；session:echo、lane:worker-1、call:recv、fd:33、errno:EAGAIN（any、ok）、took>1ms、bytes>100；前面加 - 表示排除；同类的多个条件满足其一即可
calls-bad-term = 无法理解“{ $term }”；仍使用之前的筛选条件
calls-filtering = 正在筛选…
calls-dropped = 调用来得太快，有 { $rows } 次未能保存；计数中仍包含它们
calls-evicted = 为控制内存占用，已移除 { $rows } 次较早的调用
calls-chip = 移除 { $term }
calls-chip-tip = 从筛选中去掉这个条件
calls-menu = 调用的更多选项
calls-menu-tip = 客户端的调用、复制为文本
calls-clients = 包括客户端的调用
calls-clients-tip = 在服务器的调用之外，也显示客户端的调用
calls-copy-all = 复制所有显示的行
calls-copy-picked = 复制选中的行
calls-copy-tip = 以文本形式，每次调用一行；最多复制最新的 { $rows } 行。单击一行，再按住 Shift 单击另一行即可选中
calls-copied = { $rows ->
   *[other] 已复制 { $rows } 次调用
}
calls-only = 只看 { $term }
calls-not = 排除 { $term }
calls-term-tip = 把它加入筛选；已有时则去掉
calls-jump = 跳到最新
calls-jump-new = 跳到最新 · +{ $rows }
calls-jump-tip = 重新跟随最新的调用
calls-row-tip = 单击选中连接；按住 Shift 单击可选中多行以复制；右键筛选
calls-line = { $file } 第 { $line } 行
calls-col-time = 时间
calls-col-time-tip = 调用返回的时刻，从实验引擎启动算起，精确到微秒
calls-col-lane = 执行流
calls-col-lane-tip = 会话及其线程、进程或任务
calls-col-call = 调用
calls-col-call-tip = ▼ 接收字节，▲ 发送字节，◆ 连接开始；附简要参数
calls-col-result = 结果
calls-col-result-tip = 返回值，或错误的名称；× 表示连续多次
calls-col-took = 用时
calls-col-took-tip = 从进入调用到返回，包括睡眠
calls-col-bytes = 字节
calls-col-bytes-tip = 这次调用收发的字节数
