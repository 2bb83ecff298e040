

try:
    main()
except KeyboardInterrupt:
%if path
    if os.path.exists(ADDRESS):
        os.unlink(ADDRESS)
%else
    pass
%end
