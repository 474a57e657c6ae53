"""nginx with TLS in front of the two web servers, by deploy/nginx.conf, and requests to them."""

from __future__ import annotations

import http.client
import re
import ssl
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from newsdesk.env import BASE_DIR

FRONT, PLAIN, WEB = 8_400, 8_480, (8_401, 8_402)
"""Ports: TLS, plain HTTP, and the web servers themselves."""
NAME = "localhost"
WAIT = 60.0

AROUND = """\
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-errors.txt;
worker_processes 1; events {{ worker_connections 512; }}
http {{
access_log off;
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{configuration}
}}
"""


class Front:
    """The address that people know, with a certificate of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"

    def command(self) -> list[str]:
        """What starts it, once the certificate and the configuration are written."""
        self._certify()
        found = self.folder / "nginx.conf"
        found.write_text(AROUND.format(folder=self.folder, configuration=self.configuration()))
        return ["nginx", "-c", str(found), "-e", f"{self.folder}/nginx-errors.txt"]

    def connection(self, port: int = FRONT) -> http.client.HTTPConnection:
        """A connection as a browser makes it, certificate checked; the other ports are plain."""
        if port != FRONT:
            return http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return http.client.HTTPSConnection(NAME, port, timeout=60, context=trusted)

    def get(
        self, path: str, port: int = FRONT, headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        """An answer with its text."""
        connection = self.connection(port)
        try:
            connection.request("GET", path, headers={"Host": NAME, **(headers or {})})
            response = connection.getresponse()
            return response, response.read().decode(errors="replace")
        finally:
            connection.close()

    def _certify(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
             "-addext", f"subjectAltName=DNS:{NAME}",
             "-keyout", str(self.key), "-out", str(self.certificate)],
            check=True, capture_output=True,
        )  # fmt: skip

    def configuration(self) -> str:
        """deploy/nginx.conf with the ports, the name and the certificate of this run."""
        text = (BASE_DIR / "deploy" / "nginx.conf").read_text()
        changes: Sequence[tuple[str, str]] = (
            (r"127\.0\.0\.1:8001\b", f"127.0.0.1:{WEB[0]}"),
            (r"127\.0\.0\.1:8002\b", f"127.0.0.1:{WEB[1]}"),
            (r"listen 443 ssl", f"listen 127.0.0.1:{FRONT} ssl"),
            (r"listen 80\b", f"listen 127.0.0.1:{PLAIN}"),
            (r"server_name [^;]+", f"server_name {NAME}"),
            (r"ssl_certificate [^;]+", f"ssl_certificate {self.certificate}"),
            (r"ssl_certificate_key [^;]+", f"ssl_certificate_key {self.key}"),
        )
        for pattern, words in changes:
            text, times = re.subn(pattern, words, text)
            if not times:
                raise SystemExit(f"deploy/nginx.conf no longer says {pattern}.")
        return text


def wait_until_ready(front: Front, port: int) -> None:
    """Until /readyz says so. Raises SystemExit after a minute."""
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        try:
            if front.get("/readyz", port)[0].status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"Nothing is ready on port {port} after {WAIT:.0f} seconds.")
