# 先预测，再揭晓

predict-title = 预测
predict-question = { $n ->
   *[other] listen({ $backlog }) 之后，这 { $count } 个客户端中有几个会立即连接成功？
    }
predict-nobody = 该服务器没有启动时就连接的客户端。在“检查器”中给客户端设定连接数后，这里会提出问题
predict-name = 第 { $n } 个答案的姓名
predict-name-tip = 谁的答案，可以留空
predict-name-hint = 姓名
predict-number = 第 { $n } 个答案
predict-number-tip = 有几个客户端第一次尝试就连接成功
predict-remove = 删除第 { $n } 个答案
predict-remove-tip = 去掉这个答案
predict-add = 添加答案
predict-add-tip = 再为一个人添加一行
predict-run = 运行并揭晓
predict-again = 再运行一次
predict-run-tip = 重新启动服务器和客户端，等到每个 connect 都有结果或过了一秒，再把答案与测得的数值并列显示
predict-run-busy = 正在运行
predict-run-frozen = 画面冻结时不能运行
predict-busy = 正在运行…
predict-count = { $n ->
    [0] 还没有人回答
   *[other] { $n } 个答案
    }
predict-revealed = 第一个问题，已揭晓
predict-clear = 清除答案
predict-clear-tip = 忘记所有答案
predict-said = 预测
predict-somebody = 第 { $n } 人
predict-measured = 测得
predict-measured-tip = 没有重试就 connect 成功的客户端（TCP_INFO 以及 connect 的返回）
predict-why = Linux 放进 n + 1 个：只有队列长度超过 n 时才拒绝。
predict-why-all = { $n ->
   *[other] 每个都有位置：{ $n } 个客户端，{ $places } 个位置。
    }
predict-why-accepted = { $n ->
   *[other] { $places } 个位置即 n + 1，其间 accept() 又腾出了 { $n } 个。
    }
predict-why-fewer = 共有 { $places } 个位置（n + 1）；并非每个到来者第一次尝试就得到位置。
predict-why-untold = 本系统不告知有多少个位置；这里统计的是 connect 的次数。
predict-when = 空出一个位置后，{ $n } 号客户端何时能进入？
predict-at-once = 立即
predict-at-retry = 下一次重传 SYN 时
predict-after-another = 另一个客户端被接受之后
predict-never = 永远不能
predict-choice-tip = 选择这个答案，直到运行给出结果
predict-chosen-by = { $choice }：{ $who }
predict-turn = 为{ $name }选择
predict-turn-done = 为{ $name }重新选择
predict-turn-tip = 下一次点击是谁的选择；选完轮到下一人
predict-right = 答对：{ $who }
predict-when-wait = 该客户端进入或放弃时揭晓。若已暂停接受，请按“接受 1 个”
predict-entry = 它在 { $time }后以第 { $n } 个 SYN 进入：没有谁会通知等待的客户端有了空位。
predict-entry-unix = 它在 { $time }后第 { $n } 次尝试时进入：非阻塞的 connect 得到 EAGAIN，然后再次调用。
predict-entry-free = 此前该位置已空出 { $time }。
predict-entry-never = 它在 { $time }后放弃：没有一次重试及时遇到空位。
