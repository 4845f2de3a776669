"""The load client of the bench of downloads, in a process of its own.

``python -m bench.download_client PORT PATH SECRET SECONDS`` prints JSON.
"""

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

CONNECTIONS = 8


def load(port: int, path: str, secret: str, seconds: float) -> dict[str, float]:
    """Download over some connections, one file after the other on each: files and megabytes a second, median ms."""
    until = time.perf_counter() + seconds

    def one(_number: int) -> tuple[int, int, list[float]]:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        count, size, spent = 0, 0, []
        while (began := time.perf_counter()) < until:
            connection.request("GET", path, headers={"Cookie": f"pd_portal={secret}"})
            answer = connection.getresponse()
            data = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
            count, size = count + 1, size + len(data)
            spent.append(time.perf_counter() - began)
        connection.close()
        return count, size, spent

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        found = list(pool.map(one, range(CONNECTIONS)))
    whole = time.perf_counter() - began
    times = sorted(each for _, _, spent in found for each in spent)
    rate, size = sum(count for count, _, _ in found) / whole, sum(size for _, size, _ in found) / whole
    return {
        "rate": rate,
        "mb": size / 1e6,
        "p50": 1_000 * times[len(times) // 2],
        "p95": 1_000 * times[int(len(times) * 0.95)],
    }


if __name__ == "__main__":
    print(json.dumps(load(int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]))))
