"""The two functions of statistics that SQL has not: quantiles of the gamma and of Student's t distribution."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def add_quantile_functions(connection: "duckdb.DuckDBPyConnection") -> None:
    """Give a connection `gamma_quantile(probability, shape)`, of scale 1, and `t_quantile(probability, freedom)`.

    NULL where there is none: of NULL, or of no degree of freedom. Close the connection, or Python complains at its end.
    """
    from scipy import special

    def t_quantile(probability: Any, freedom: Any) -> Any:
        return special.stdtrit(freedom, probability)

    def gamma_quantile(probability: Any, shape: Any) -> Any:
        return special.gammaincinv(shape, probability)

    for function in (gamma_quantile, t_quantile):
        connection.create_function(
            function.__name__,
            _of_columns(function),
            ["DOUBLE", "DOUBLE"],
            "DOUBLE",
            type="arrow",
            null_handling="special",  # what has no quantile is NULL too
        )


def _of_columns(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def of_columns(left: Any, right: Any) -> Any:
        import pyarrow

        found = function(left.to_numpy(zero_copy_only=False), right.to_numpy(zero_copy_only=False))
        return pyarrow.array(found, from_pandas=True)

    return of_columns
