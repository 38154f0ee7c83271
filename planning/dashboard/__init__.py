"""Leadership pages: figures that equal the rows behind them."""
