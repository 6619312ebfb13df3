"""nginx on loopback, for tests of fetches: a server that people use, as any user, with all of its files in a temporary folder."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ log_format sent '$body_bytes_sent'; access_log {folder}/sent.log sent;
 client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
 uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; sendfile on; keepalive_requests 100000;
 server {{ listen 127.0.0.1:{port}; listen 127.0.0.1:{secure} ssl; root {folder}/root;
  ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
  location /slow/ {{ alias {folder}/root/; limit_rate 2m; }}
  location /moved/ {{ return 301 /$arg_to; }}
  location /forbidden/ {{ return 403; }}
 }} }}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """Serves FOLDER/root over HTTP and HTTPS; ROOT is there to be filled. None of PROGRAM: it is not installed."""

    @staticmethod
    def program():
        return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")

    def __init__(self):
        self.folder = folder = pathlib.Path(tempfile.mkdtemp(prefix="bulkhead-nginx-"))
        self.root = folder / "root"
        self.root.mkdir()
        os.chmod(folder, 0o755)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                       check=True, stderr=subprocess.DEVNULL)
        self.port, self.secure = free_port(), free_port()
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=self.port, secure=self.secure))
        self.process = subprocess.Popen([self.program(), "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"],
                                        stderr=subprocess.DEVNULL)
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.02)

    def sent(self):
        """Bytes of bodies that were sent so far, by answers that have ended."""
        try:
            return sum(int(line) for line in (self.folder / "sent.log").read_text().split())
        except OSError:
            return 0

    def end(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)
