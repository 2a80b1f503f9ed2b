"""A virtual printer at a raw TCP port that answers PJL: job start, each page, job end, and how it is."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from types import TracebackType

from platen.demo.printers.engine import PrintEngine, impressions_of
from platen.documents.detect import UEL, UNKNOWN, detect
from platen.protocols.pjl import read_pjl_header

READ_BYTES = 64 * 1024
HEAD_BYTES = 64 * 1024
LINE_BYTES_MAX = 1024
_COMMAND = re.compile(rb"@PJL[ \t]+([^\r\n]*)\r?\n")
_NAME = re.compile(r'NAME\s*=\s*"([^"]*)"', re.IGNORECASE)
_STATUS_CODES = {"media-empty-error": (41101, "LOAD PAPER"), "media-jam-error": (42000, "PAPER JAM")}
_READY = (10001, "READY")


class VirtualRawPrinter:
    """Serves socket://HOST:PORT. Use as an async context manager, or start() and stop()."""

    def __init__(
        self,
        name: str = "Virtual raw printer",
        engine: PrintEngine | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.name = name
        self.engine = engine or PrintEngine()
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="platen-printer-")
        self._one_at_a_time = asyncio.Lock()
        self._number = 0

    @property
    def uri(self) -> str:
        """Where it prints."""
        return f"socket://{self._host}:{self._port}"

    async def start(self) -> None:
        """Switch on. Raises: OSError."""
        self._server = await asyncio.start_server(self._serve, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        """It is switched off: connections break, nobody answers at its port; start() brings it back there."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._connections)
        for task, writer in list(self._connections.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Switch off for good."""
        await self.go_away()
        self._folder.cleanup()

    async def __aenter__(self) -> VirtualRawPrinter:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._connections[task] = writer
        self._number += 1
        document = Path(self._folder.name) / str(self._number)
        try:
            await _Connection(self.engine, reader, writer, document, self._one_at_a_time).run()
        except OSError:
            pass  # the sender broke off: nothing is printed of it
        except asyncio.CancelledError:
            if self._server is not None:
                raise
        finally:
            del self._connections[task]
            document.unlink(missing_ok=True)
            writer.close()


class _Connection:
    """One sender: octets are taken while the engine is able to print, answers go back where PJL asks for them."""

    def __init__(
        self,
        engine: PrintEngine,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        document: Path,
        one_at_a_time: asyncio.Lock,
    ) -> None:
        self._engine = engine
        self._reader, self._writer = reader, writer
        self._document = document
        self._one_at_a_time = one_at_a_time
        self._tail = b""
        self._watched: set[str] = set()
        self._job_name = ""
        self._ended = False

    async def run(self) -> None:
        """Take jobs until the sender closes."""
        while not self._ended:
            self._tail, self._job_name = b"", ""
            await self._receive()
            await self._print()

    async def _receive(self) -> None:
        """One document, up to PJL's end of job or the end of the connection. Raises: OSError."""
        with self._document.open("wb") as file:
            eoj = False
            while not eoj:
                data = await self._reader.read(READ_BYTES)
                if not data:
                    self._ended = True
                    return
                file.write(data)
                eoj = await self._obey(data)
                if self._engine.stopped:
                    await self._tell_device("DEVICE")
                    await self._engine.wait_until_able()
                    await self._tell_device("DEVICE")

    async def _obey(self, data: bytes) -> bool:
        """Answer the PJL commands in what came. Returns: whether one of them ends the job."""
        text = self._tail + data
        commands = list(_COMMAND.finditer(text))
        self._tail = text[commands[-1].end() if commands else 0 :][-LINE_BYTES_MAX:]
        eoj = False
        for found in commands:
            command = found[1].decode("latin-1").strip()
            words = command.upper().split()
            if words[:1] == ["EOJ"]:
                eoj = True
            elif words[:1] == ["JOB"] and not self._job_name:
                name = _NAME.search(command)
                self._job_name = name[1] if name else ""
                await self._say("JOB", f'START\r\nNAME="{self._job_name}"')
            elif words[:1] == ["USTATUS"] and len(words) > 1:
                kind, _, value = "".join(words[1:]).partition("=")
                (self._watched.discard if value in {"OFF", "0"} else self._watched.add)(kind)
            elif words[:1] == ["USTATUSOFF"]:
                self._watched.clear()
            elif words[:1] == ["ECHO"]:
                await self._write(f"@PJL {command}\r\n\f")
            elif words[:2] == ["INFO", "STATUS"]:
                await self._write(f"@PJL INFO STATUS\r\n{self._status()}\f")
        return eoj

    async def _print(self) -> None:
        """Print what was received, if it was a document at all."""
        with self._document.open("rb") as file:
            head = file.read(HEAD_BYTES)
        header = read_pjl_header(head)
        size_bytes = self._document.stat().st_size
        if not head.replace(UEL, b"").strip() or (header.is_pjl and header.length_bytes >= size_bytes):
            return  # nothing but PJL
        pages = 0
        async with self._one_at_a_time:
            total = await impressions_of(self._document, UNKNOWN, {})
            while pages < total:
                await self._print_page()
                pages += 1
                await self._say("PAGE", str(pages))
            await self._engine.keep(
                self._document,
                name=self._job_name or header.job_name or "Raw document",
                user_name=header.user_name,
                document_format=detect(head),
                impressions=pages,
            )
        await self._say("JOB", f'END\r\nNAME="{self._job_name}"\r\nPAGES={pages}')

    async def _print_page(self) -> None:
        printing = asyncio.ensure_future(self._engine.print_impression())
        told = False
        while not (await asyncio.wait({printing}, timeout=0.05))[0]:
            if self._engine.stopped and not told:
                told = True
                await self._tell_device("DEVICE")
        if told:
            await self._tell_device("DEVICE")
        printing.result()

    async def _tell_device(self, kind: str) -> None:
        await self._say(kind, self._status().rstrip())

    def _status(self) -> str:
        code, display = next(
            (_STATUS_CODES[reason] for reason in self._engine.reasons if reason in _STATUS_CODES), _READY
        )
        online = "FALSE" if self._engine.stopped else "TRUE"
        return f'CODE={code}\r\nDISPLAY="{display}"\r\nONLINE={online}\r\n'

    async def _say(self, kind: str, lines: str) -> None:
        if kind in self._watched:
            await self._write(f"@PJL USTATUS {kind}\r\n{lines}\r\n\f")

    async def _write(self, text: str) -> None:
        if not self._writer.is_closing():
            self._writer.write(text.encode("latin-1"))
            await self._writer.drain()
