//! {{TITLE}}
//!
%if not_shown
//! Not in this program: {{NOT_SHOWN}}.
//!
%end
//! Build and run it with: {{BUILD}}
%if libc|tokio
//! Cargo.toml needs, under [dependencies]: {{DEPENDENCIES}}
%end

{{USES}}
%if inet
const ADDRESS: (&str, u16) = ({{HOST}}, {{PORT}});
%else
const PATH: &str = {{PATH}};
%end
%if backlog
const BACKLOG: i32 = {{BACKLOG}};
%end
%if hears|dgram !stuck
const RECV_SIZE: usize = {{RECV_SIZE}}; // the most that one recv may return
%end
%if pauses
const PAUSE: Duration = Duration::from_millis({{PAUSE}});
%end
%if thread-pool
const WORKERS: usize = {{WORKERS}};
const QUEUE: usize = {{QUEUE}};
%end
%if busy_pause
const BUSY_PAUSE: Duration = Duration::from_micros({{BUSY_PAUSE}});
%end
%if idle
const IDLE: Duration = Duration::from_millis({{IDLE}});
%end
%if paced
const ACCEPT_PAUSE: Duration = Duration::from_millis({{ACCEPT_PAUSE}});
%end
%if list-echo
const DELIMITER: &[u8] = {{DELIMITER}};
const MAX_ITEM: usize = {{MAX_ITEM}};
%end
%if greeting
const GREETING: &[u8] = {{GREETING}};
%end
%if goodbye
const GOODBYE: &[u8] = {{GOODBYE}};
%end
%if faulty
const WORD: &[u8] = {{WORD}};
%end
%if chat stream
const MAX_LINE: usize = {{MAX_ITEM}};
%end
%if delimiter cuts|says
const FRAME_END: &[u8] = {{FRAME_END}};
%end
%if fixed cuts
const FRAME_SIZE: usize = {{FRAME_SIZE}};
%end
%if length cuts|says
const HEADER_SIZE: usize = {{HEADER_SIZE}};
%end
%if framed !fixed cuts
const MAX_FRAME: usize = {{MAX_FRAME}};
%end
%if clients chat
const MAX_WAITING: usize = 262_144; // bytes that may wait for a member who does not read
%end
