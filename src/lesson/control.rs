//! What of the window a lesson may point at. A closed set: an id in a lesson stays right or is refused.

use super::Language;

macro_rules! controls {
    ($($name:ident $id:literal $en:literal $zh:literal,)*) => {
        /// A control or a panel of the window.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Control {
            $(#[doc = $en] $name,)*
        }

        impl Control {
            /// Every one, in the order of the page about lessons.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As lessons write it.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// What it is, for people.
            pub fn words(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::En) => $en, (Self::$name, Language::Zh) => $zh,)*
                }
            }
        }
    };
}

controls! {
    StartAll "start-all" "the button Start all" "“全部启动”按钮",
    StopAll "stop-all" "the button Stop all" "“全部停止”按钮",
    Start "start" "the start button of an endpoint" "端点的“启动”按钮",
    Lab "lab" "the tree of servers and clients" "服务器和客户端列表",
    AddServer "add-server" "the button that adds a server" "“添加服务器”按钮",
    AddClient "add-client" "the button that adds a client" "“添加客户端”按钮",
    Stage "stage" "the stage" "舞台",
    Inspector "inspector" "the inspector" "检查器",
    Model "model" "how the server waits" "服务器的等待方式（I/O 模型）",
    Service "service" "what the server answers" "服务器的服务",
    Address "address" "the address of the endpoint" "端点的地址",
    Backlog "backlog" "the n of listen(n)" "listen(n) 的 n",
    AcceptPause "accept-pause" "the button that pauses accept" "“暂停接受”按钮",
    AcceptPace "accept-pace" "the pace of accept" "接受的节奏",
    AcceptOne "accept-one" "the button Accept 1" "“接受 1 个”按钮",
    OpenOne "open-one" "the button that opens a connection more" "再打开一个连接的按钮",
    Close "close" "the buttons that close a connection" "关闭连接的按钮",
    Send "send" "the box Send a packet" "“发送数据包”框",
    Framing "framing-choice" "the framing of the endpoint" "端点的成帧方式",
    Wire "wire" "how bytes go through the socket" "字节怎样经过套接字",
    Theatre "theatre" "the backlog theatre" "Backlog 剧场",
    Arrivals "arrivals" "the clients on one clock" "客户端到达时间图",
    QueuePlot "queue-plot" "the queue's length against its limit" "队列长度与上限",
    Plots "plots" "the plots" "曲线",
    Connections "connections" "the table of connections" "连接表",
    Traffic "traffic" "the traffic log" "流量",
    Conversation "conversation" "one connection as a conversation" "按对话显示的一个连接",
    FramingView "framing" "what was sent, received and framed" "成帧视图",
    Ladder "ladder" "the ladder of messages" "消息时序图",
    Composer "composer" "the composer" "编辑器",
    Timeline "timeline" "the timeline of calls" "时间线",
    Phases "phases" "the two phases of a read" "读的两个阶段",
    Counters "counters" "the counters side by side" "计数器",
    Stepper "stepper" "the stepper" "单步",
    Calls "calls" "the call log" "调用记录",
    Code "code" "the program of the endpoint" "端点的程序代码",
    Insight "insight" "the sentence that explains what is seen" "对现象的一句解释",
}

impl Control {
    /// The one of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|control| control.id() == id)
    }
}
