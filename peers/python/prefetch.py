"""The next item of an iterator, made while the last one is used."""

import queue
import threading

END = object()


def prefetch(items, ahead=2):
    """`items` in their order, up to `ahead` of them made by a thread before they are asked for."""
    ready, stopped = queue.Queue(ahead), threading.Event()

    def put(item):
        while not stopped.is_set():
            try:
                return ready.put(item, timeout=0.1)
            except queue.Full:
                pass

    def make():
        try:
            for item in items:
                put((item, None))
                if stopped.is_set():
                    return
            put((END, None))
        except BaseException as error:
            put((END, error))

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if error is not None:
                raise error
            if item is END:
                return
            yield item
    finally:
        stopped.set()
        thread.join()
