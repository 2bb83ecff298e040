%if named

static void name_of(int fd, char *name, size_t size)
{
%if inet
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getpeername(fd, (struct sockaddr *)&peer, &length) == 0
        && getnameinfo((struct sockaddr *)&peer, length, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        snprintf(name, size, "%.40s:%.8s", host, port);
    else
        snprintf(name, size, "client %d", fd);
%else
    snprintf(name, size, "client %d", fd);
%end
}
%end
