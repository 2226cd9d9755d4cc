"""Five strategies that need more than a guard on the weights, and the loop that trains under them.

``train(GEM(), tasks)`` gives a ``History``, as ``run(EWC(), tasks)`` does. Read ``strategy`` and ``training`` first,
and then the strategies, each a module of its own: ``lwf``, ``icarl``, ``gem``, ``agem``, ``dgr``.
"""

from lifelong.strategies.agem import AGEM
from lifelong.strategies.dgr import DGR
from lifelong.strategies.footprint import extra_bytes
from lifelong.strategies.gem import GEM
from lifelong.strategies.icarl import ICaRL
from lifelong.strategies.lwf import LwF
from lifelong.strategies.scenarios import Scenario, domain_incremental, split_mnist
from lifelong.strategies.strategy import Batch, Strategy
from lifelong.strategies.training import train
