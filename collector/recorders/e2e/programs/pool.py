"""multiprocessing.Pool, again and again in one program, which makes a call
before each."""

import multiprocessing
import os

import fleet

if __name__ == "__main__":
    for _ in range(int(os.environ["TRIALS"])):
        fleet.warm(fleet.shared or fleet.connect())
        with multiprocessing.get_context("fork").Pool(4) as pool:
            pool.map(fleet.job, range(8), chunksize=1)
            pool.close()
            pool.join()
