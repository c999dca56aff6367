"""What start was told; read at each event."""

on = False
folder = ""  # absolute path of the log folder
host = ""  # "host" of each line; "" is this machine
