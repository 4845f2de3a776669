"""The page above on uvicorn, with a route that keeps the beacons it is sent."""

import json
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

import core

FONTS = Path(core.__file__).parents[1] / "data" / "fonts"
beacons: list[dict[str, object]] = []
answers: list[int] = []  # Status codes to give first; empty means 204.


async def seen(request: Request) -> Response:
    """Record a beacon, or refuse it with the next status asked for."""
    body = json.loads(await request.body())
    status = answers.pop(0) if answers else 204
    beacons.append({**body, "status": status})
    return Response(status_code=status)


async def recorded(request: Request) -> Response:
    """What has arrived; a POST with status codes sets the answers to come and forgets what was."""
    if request.method == "POST":
        answers[:] = await request.json()
        beacons.clear()
    return JSONResponse(beacons)


async def font(request: Request) -> Response:
    """A font file by name."""
    return FileResponse(FONTS / Path(request.path_params["name"]).name)


app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[
        Route("/seen", seen, methods=["POST"]),
        Route("/recorded", recorded, methods=["GET", "POST"]),
        Route("/fonts/{name}", font),
    ],
)
