create macro number_text(x) as replace(
    case
        when x = round(x) and abs(x) < 1e15 then cast(cast(x as bigint) as varchar)
        else rtrim(rtrim(format('{{:.4f}}', x), '0'), '.')
    end,
    '.', '{sign}'
)
