%if blocking

/* --- model: {{MODEL_TITLE}} {{RULE}} */
%if !stuck

static int server;
%end
%end
