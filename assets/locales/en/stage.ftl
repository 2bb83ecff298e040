# stage
