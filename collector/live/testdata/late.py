"""A process that loads its TLS library late: late.py ADDRESS.

Each line of standard input has it open a connection, make a call whose parameter
is that line, and print what the reply says.
"""
import sys

host, port = sys.argv[1].split(":")
for line in sys.stdin:
    import http.client
    import ssl

    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection(host, int(port), context=context)
    body = '{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["%s"]}' % line.strip()
    connection.request("POST", "/", body)
    print(connection.getresponse().read().decode().split('"')[-2], flush=True)
    connection.close()
