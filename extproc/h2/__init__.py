"""The fast transport: gRPC over HTTP/2 on libnghttp2, for unix sockets and loopback TCP."""
