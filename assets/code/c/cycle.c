%if chargen

/* 95 lines of 72 characters, each one character further through the printing ones (RFC 864). */
enum { CYCLE_SIZE = 95 * 74 };

static char *cycle(void)
{
    static char bytes[CYCLE_SIZE];
    for (int i = 0; i < CYCLE_SIZE; i++)
        bytes[i] = i % 74 == 72 ? '\r' : i % 74 == 73 ? '\n' : 32 + (i / 74 + i % 74) % 95;
    return bytes;
}
%end
%if daytime

static size_t time_line(char *line, size_t size)
{
    time_t now = time(NULL);
    struct tm utc;
    return strftime(line, size, "%Y-%m-%dT%H:%M:%SZ\r\n", gmtime_r(&now, &utc));
}
%end
