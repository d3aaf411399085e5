"""Topics of a home: discovered over any query and period, counted, known again from run to run."""
