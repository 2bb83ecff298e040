"""{{TITLE}}

%if not_shown
Not in this program: {{NOT_SHOWN}}.
%end
Run it with: python3 {{FILE}}
"""

{{USES}}
%if inet
HOST, PORT = {{HOST}}, {{PORT}}
%else
ADDRESS = {{PATH}}
%end
%if stream
BACKLOG = {{BACKLOG}}
%end
%if hears|dgram !stuck
RECV_SIZE = {{RECV_SIZE}}  # the most that one recv may return
%end
%if pauses
PAUSE = {{PAUSE}}  # seconds
%end
%if thread-pool
WORKERS = {{WORKERS}}
%end
%if busy_pause
BUSY_PAUSE = {{BUSY_PAUSE}}  # seconds
%end
%if idle
IDLE = {{IDLE}}  # seconds
%end
%if paced
ACCEPT_PAUSE = {{ACCEPT_PAUSE}}  # seconds
%end
%if list-echo
DELIMITER = {{DELIMITER}}
MAX_ITEM = {{MAX_ITEM}}
%end
%if greeting
GREETING = {{GREETING}}
%end
%if goodbye
GOODBYE = {{GOODBYE}}
%end
%if faulty
WORD = {{WORD}}
%end
%if chat stream
MAX_LINE = {{MAX_ITEM}}
%end
%if chargen
# 95 lines of 72 characters, each one character further through the printing ones (RFC 864).
CYCLE = b"".join(bytes(32 + (line + column) % 95 for column in range(72)) + b"\r\n" for line in range(95))
%end
%if delimiter cuts|says
FRAME_END = {{FRAME_END}}
%end
%if fixed cuts
FRAME_SIZE = {{FRAME_SIZE}}
%end
%if length cuts|says
HEADER_SIZE = {{HEADER_SIZE}}
%end
%if framed !fixed cuts
MAX_FRAME = {{MAX_FRAME}}
%end
%if clients|async chat stream
MAX_WAITING = 262144  # bytes that may wait for a member who does not read
%end
